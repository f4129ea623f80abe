"""Merges the counts of several gateways once a second, while no request waits.

Each instance stores, under its own name, how many requests of a caller it has counted in a window, and reads the counts
of the others. Counts are absolute: writing one twice, or with an unknown outcome, does no harm, and after a loss of
Redis' data the next second restores them.

Guarantee: an instance refuses a caller at most one second after all instances together have reached the limit, so the
limit and at most one second of requests on each pass. Without Redis each counts alone. Clocks that differ shift the
windows by that difference.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import uuid4

import redis.asyncio

from chassis.background.async_loop import AsyncLoop
from gateway.rate_limits.caller_limits import LimitWindow

log = logging.getLogger(__name__)

INTERVAL = 1.0
"""Seconds between two exchanges."""
BATCH_SIZE = 100
"""Callers in one pipeline; requests are handled between two of them."""
_KEY = "outlay:limit"
_COUNT = re.compile(rb"[0-9]{1,9}")


class SharedLimitCounts(AsyncLoop):
    """A task that writes and reads counts."""

    def __init__(self, client: redis.asyncio.Redis, windows: Sequence[LimitWindow]) -> None:
        super().__init__("shared counts", INTERVAL)
        self._redis = client
        self._windows = windows
        self._instance = uuid4().hex

    async def stop(self) -> None:
        """Stops the task. Stored counts expire."""
        await super().stop()
        await self._redis.aclose()

    async def work(self) -> None:
        """Stores and reads the counts of every window once."""
        for window in self._windows:
            await self._exchange(window)

    def note_failure(self, error: Exception) -> None:
        """Logs that the limits of this instance are its own now."""
        log.warning("callers are counted by this instance alone", extra={"error": repr(error)})

    def note_recovery(self) -> None:
        """Logs that limits are shared again."""
        log.info("callers are counted together with the other instances again")

    async def _exchange(self, window: LimitWindow) -> None:
        number, counts = window.take_changes()
        for some in _batches(counts):
            pipeline = self._redis.pipeline(transaction=False)
            keys = [f"{_KEY}:{window.name}:{number}:{caller}" for caller in some]
            for key, count in zip(keys, some.values(), strict=True):
                pipeline.hset(key, self._instance, str(count))
                pipeline.expire(key, 2 * window.seconds)
                pipeline.hgetall(key)
            replies: list[Any] = await pipeline.execute(raise_on_error=False)
            held = dict(zip(keys, replies[2::3], strict=True))
            await self._delete_invalid(held)
            elsewhere = [self._of_others(counts) for counts in held.values()]
            window.merge(number, dict(zip(some, elsewhere, strict=True)))
            _raise_refusal(replies)

    async def _delete_invalid(self, held: dict[str, Any]) -> None:
        """Deletes keys that are not a hash or hold an invalid count. They are written again a second later."""
        spoilt = [key for key, counts in held.items() if _is_invalid(counts)]
        if spoilt:
            log.warning("invalid counts were deleted", extra={"keys": len(spoilt)})
            await self._redis.delete(*spoilt)

    def _of_others(self, held: Any) -> int:  # noqa: ANN401 - a hash, or Redis' refusal
        if not isinstance(held, dict) or _is_invalid(held):
            return 0
        return sum(int(count) for instance, count in held.items() if instance != self._instance.encode())


def _is_invalid(held: Any) -> bool:  # noqa: ANN401 - as above
    if isinstance(held, redis.ResponseError):
        return "WRONGTYPE" in str(held)
    return isinstance(held, dict) and not all(_COUNT.fullmatch(count) for count in held.values())


def _raise_refusal(replies: list[Any]) -> None:
    """Raises the first error among the replies, such as out of memory; WRONGTYPE is handled before."""
    for reply in replies:
        if isinstance(reply, redis.ResponseError) and "WRONGTYPE" not in str(reply):
            raise reply


def _batches(counts: dict[str, int]) -> Iterator[dict[str, int]]:
    rest = iter(counts.items())
    while some := dict(islice(rest, BATCH_SIZE)):
        yield some
