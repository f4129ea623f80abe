"""Running Outlay: the embedded stack, the images, the lock files."""
