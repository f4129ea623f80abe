"""Cached responses in Redis, and the lease under which they may be served."""
