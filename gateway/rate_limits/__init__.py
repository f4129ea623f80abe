"""Request limits for each caller over all routes, shared by instances."""
