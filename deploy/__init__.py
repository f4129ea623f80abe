"""How Outlay is run: the embedded stack, the images, the locks."""
