"""Connections to the services behind the gateway: concurrency limits and circuit breakers."""
