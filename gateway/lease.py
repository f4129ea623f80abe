"""Whether the heads in Redis can be relied on just now: for as long as the book's relay renews its lease."""

import asyncio
import time
from contextlib import suppress

from contracts.answers import LEASE, LEASE_KEY
from gateway import resp
from gateway.hashes import Hashes

BETWEEN = 0.25
"""Seconds between two looks at the lease."""


class LeaseWatch:
    """Looks at the lease again and again, so that a request only compares two numbers.

    A lease counts from the look that found it renewed, for as long as Redis says that it has left, and by our own
    clock: one that is not renewed any more is over, whatever the clock of Redis' machine does.
    """

    def __init__(self, hashes: Hashes) -> None:
        self._hashes = hashes
        self._until = 0.0
        self._last: resp.Reply = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to look."""
        self._task = asyncio.create_task(self._look_on(), name="lease")

    async def stop(self) -> None:
        """Ends."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def holds(self) -> bool:
        """Whether every entry older than LEASE has raised its head."""
        return time.monotonic() < self._until

    async def _look_on(self) -> None:
        while True:
            await self._look()
            await asyncio.sleep(BETWEEN)

    async def _look(self) -> None:
        now = time.monotonic()
        value, left = await asyncio.gather(self._hashes.ask("GET", LEASE_KEY), self._hashes.ask("PTTL", LEASE_KEY))
        if isinstance(value, bytes) and isinstance(left, int) and value != self._last:
            self._last = value
            self._until = now + max(0, min(left / 1000, LEASE.total_seconds()))
