"""Request limits for each caller."""
