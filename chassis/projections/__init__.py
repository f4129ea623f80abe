"""What a service derives from another service's journal, and how it keeps up."""
