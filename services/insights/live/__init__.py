"""Live updates for open browsers."""
