"""Work that a process does beside its requests."""
