"""Forwards requests to services: the proxy, and which headers pass."""
