"""What several gateways count of the same callers, put together once a second and never while a request waits.

Each instance writes down, under a name of its own, how many requests of a caller it has counted in a window, and reads
what the others have written there. Whole counts, not steps: to write one twice, or not to know whether it was written,
does no harm, and after Redis has lost everything the next second makes it good.

What this guarantees: an instance refuses a caller at the latest one second after all of them together have reached the
limit, so what passes is the limit and at most one second of requests on each. While Redis is away each counts alone.
Clocks that disagree shift the windows against each other, by as much as they disagree.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import uuid4

import redis.asyncio

from gateway.limits import Window

log = logging.getLogger(__name__)

BETWEEN = 1.0
"""Seconds between two exchanges."""
AT_ONCE = 100
"""Callers in one packet: between two of them requests have their turn."""
_KEY = "outlay:limit"


class SharedCounts:
    """A task that tells and asks."""

    def __init__(self, client: redis.asyncio.Redis, windows: Sequence[Window]) -> None:
        self._redis = client
        self._windows = windows
        self._me = uuid4().hex
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins. Does not wait for Redis."""
        self._task = asyncio.create_task(self._run(), name="shared counts")

    async def stop(self) -> None:
        """Ends; what was counted here is left to its expiry."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._redis.aclose()

    async def _run(self) -> None:
        alone = False
        while True:
            await asyncio.sleep(BETWEEN)
            try:
                for window in self._windows:
                    await self._exchange(window)
                if alone:
                    log.info("callers are counted together with the other instances again")
                alone = False
            except (redis.RedisError, OSError) as error:
                if not alone:
                    log.warning("callers are counted by this instance alone", extra={"error": repr(error)})
                alone = True

    async def _exchange(self, window: Window) -> None:
        number, counts = window.moved()
        for some in _pieces(counts):
            pipeline = self._redis.pipeline(transaction=False)
            for caller, count in some.items():
                key = f"{_KEY}:{window.name}:{number}:{caller}"
                pipeline.hset(key, self._me, str(count))
                pipeline.expire(key, 2 * window.seconds)
                pipeline.hgetall(key)
            replies: list[Any] = await pipeline.execute()
            held: list[dict[bytes, bytes]] = replies[2::3]
            window.learn(number, {caller: self._of_others(one) for caller, one in zip(some, held, strict=True)})

    def _of_others(self, held: dict[bytes, bytes]) -> int:
        return sum(int(count) for instance, count in held.items() if instance != self._me.encode())


def _pieces(counts: dict[str, int]) -> Iterator[dict[str, int]]:
    rest = iter(counts.items())
    while some := dict(islice(rest, AT_ONCE)):
        yield some
