"""Builders and real parts that tests start: databases, Redis, the whole stack, a browser."""
