"""Open live streams, which end when their token expires or is revoked."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from chassis.security.access_tokens import LEEWAY, seconds_left
from gateway.authentication.sessions import VerifiedToken


class LiveStreams:
    """Open streams, each with the token it was opened with."""

    def __init__(self) -> None:
        self._open: dict[asyncio.Timeout, VerifiedToken] = {}

    @asynccontextmanager
    async def follow(self, verified: VerifiedToken, check: Callable[[VerifiedToken], None]) -> AsyncIterator[None]:
        """Ends the block as if it were complete, when the token expires or `end` is called for it."""
        timeout = asyncio.timeout(seconds_left(verified.claims, time.time()) + LEEWAY)
        try:
            async with timeout:
                self._open[timeout] = verified
                check(verified)  # it may have been revoked since it was verified
                yield
        except TimeoutError:
            if not timeout.expired():
                raise
        finally:
            self._open.pop(timeout, None)

    def end(self, is_refused: Callable[[VerifiedToken], bool]) -> None:
        """Ends the streams whose token is refused."""
        now = asyncio.get_running_loop().time()
        for line in [line for line, verified in self._open.items() if is_refused(verified)]:
            del self._open[line]
            if not line.expired():
                line.reschedule(now)
