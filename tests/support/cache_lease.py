"""Renews the lease of the response cache, as an idle relay does."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import redis

from chassis.redis.client import connect
from chassis.response_cache.lease import CacheLease

EVERY = 0.2
"""Seconds."""


@contextmanager
def renewed_cache_lease(url: str) -> Iterator[None]:
    """Within this context the lease is renewed, also after Redis is wiped or restarted."""
    done = threading.Event()
    client = connect(url)
    lease = CacheLease(client)

    def renew() -> None:
        while not done.is_set():
            with suppress(redis.RedisError):
                lease.begin()
                lease.renew()
            done.wait(EVERY)

    thread = threading.Thread(target=renew, name="cache-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(10)
        client.close()
