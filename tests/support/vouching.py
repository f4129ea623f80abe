"""Renews the lease of the ready answers as a relay does that has nothing to announce."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import redis

from chassis.lease import Lease
from chassis.redis import connect

EVERY = 0.2
"""Seconds."""


@contextmanager
def vouching(url: str) -> Iterator[None]:
    """While it is entered, what Redis knows of heads is called complete, however often Redis is wiped or stopped."""
    done = threading.Event()
    client = connect(url)
    lease = Lease(client)

    def renew() -> None:
        while not done.is_set():
            with suppress(redis.RedisError):
                lease.begin()
                lease.renew()
            done.wait(EVERY)

    thread = threading.Thread(target=renew, name="vouching", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(10)
        client.close()
