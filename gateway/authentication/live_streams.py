"""The live streams that are open, and how they end: they outlast the look at the token with which they began."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from chassis.security.access_tokens import LEEWAY, seconds_left
from gateway.authentication.sessions import Verified


class LiveStreams:
    """Open streams, each with the token it was opened with."""

    def __init__(self) -> None:
        self._open: dict[asyncio.Timeout, Verified] = {}

    @asynccontextmanager
    async def follow(self, verified: Verified, check: Callable[[Verified], None]) -> AsyncIterator[None]:
        """Ends what is inside, as if it had come to its end, when the token runs out or `end` says so."""
        line = asyncio.timeout(seconds_left(verified.claims, time.time()) + LEEWAY)
        try:
            async with line:
                self._open[line] = verified
                check(verified)  # it may have been refused since it was looked at
                yield
        except TimeoutError:
            if not line.expired():
                raise
        finally:
            self._open.pop(line, None)

    def end(self, is_over: Callable[[Verified], bool]) -> None:
        """Ends those whose token is over."""
        now = asyncio.get_running_loop().time()
        for line in [line for line, verified in self._open.items() if is_over(verified)]:
            del self._open[line]
            if not line.expired():
                line.reschedule(now)
