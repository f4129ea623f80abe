"""Whether the heads in Redis are current: they are while the relay of expenses renews its lease."""

import asyncio
import time

from chassis.background.async_loop import AsyncLoop
from contracts.response_cache import LEASE, LEASE_KEY
from gateway.response_cache import resp
from gateway.response_cache.hashes import RedisHashes

INTERVAL = 0.25
"""Seconds between two reads of the lease."""


class LeaseMonitor(AsyncLoop):
    """Reads the lease periodically, so that a request only compares two numbers.

    A renewal is valid from the read that found it, for its remaining time to live, by this process's monotonic clock.
    A lease that is no longer renewed therefore expires whatever happens to the clock of the Redis host.
    """

    def __init__(self, hashes: RedisHashes) -> None:
        super().__init__("lease", INTERVAL)
        self._hashes = hashes
        self._until = 0.0
        self._last: resp.Reply = None

    def is_held(self) -> bool:
        """Whether every entry older than LEASE has raised its head."""
        return time.monotonic() < self._until

    async def work(self) -> None:
        """Reads the lease once."""
        now = time.monotonic()
        value, remaining = await asyncio.gather(
            self._hashes.execute("GET", LEASE_KEY), self._hashes.execute("PTTL", LEASE_KEY)
        )
        if isinstance(value, bytes) and isinstance(remaining, int) and value != self._last:
            self._last = value
            self._until = now + max(0, min(remaining / 1000, LEASE.total_seconds()))
