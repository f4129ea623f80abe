"""Redis clients, and the deletion of what Redis holds."""
