"""What keeps one service in trouble from troubling the others: a breaker, a bulkhead, a budget for second tries."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from gateway.errors import ServiceAway, ServiceBusy


class Breaker:
    """After several failures in a row, stops asking; then lets one request through from time to time, to see."""

    FAILURES = 5
    PAUSE = 1.0
    """Seconds between two that are let through."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._failures = 0
        self._next_try = 0.0

    def enter(self) -> None:
        """Raises ServiceAway while it is better not to ask."""
        if self._failures < self.FAILURES:
            return
        now = time.monotonic()
        if now < self._next_try:
            raise ServiceAway(self._service, math.ceil(self._next_try - now))
        self._next_try = now + self.PAUSE

    def succeeded(self) -> None:
        """It answers, whatever it says."""
        self._failures = 0

    def failed(self) -> None:
        """It cannot be reached, or does not answer."""
        self._failures += 1
        self._next_try = time.monotonic() + self.PAUSE


class Bulkhead:
    """A number of places, and a short queue before them. `async with` takes a place; raises ServiceBusy."""

    def __init__(self, service: str, places: int, *, queue: int = 0, patience: float = 1.0) -> None:
        self._service = service
        self._places = asyncio.Semaphore(places)
        self._queue = queue
        self._patience = patience
        self._waiting = 0

    async def __aenter__(self) -> None:
        if not self._places.locked():
            await self._places.acquire()
            return
        if self._waiting >= self._queue:
            raise ServiceBusy(self._service)
        self._waiting += 1
        try:
            await asyncio.wait_for(self._places.acquire(), self._patience)
        except TimeoutError:
            raise ServiceBusy(self._service) from None
        finally:
            self._waiting -= 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._places.release()


class Streams:
    """Places for live streams, which keep theirs for hours: so many in all, and so many for each caller."""

    MOST = 1_000
    EACH = 20
    """The tabs of one browser share a stream; a household has several browsers."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._open: Counter[str] = Counter()

    @contextmanager
    def place(self, caller: str) -> Iterator[None]:
        """Takes a place. Raises ServiceBusy."""
        if self._open[caller] >= self.EACH or self._open.total() >= self.MOST:
            raise ServiceBusy(self._service)
        self._open[caller] += 1
        try:
            yield
        finally:
            self._open[caller] -= 1
            if not self._open[caller]:
                del self._open[caller]


class Uploads(Streams):
    """Places for bodies that are passed on as they come, for as long as their senders take.

    Few enough that slow ones never fill the bulkhead: what is short gets in beside them.
    """

    MOST = 50
    EACH = 10


class RetryBudget:
    """Second tries are for hiccups. When everything fails, they must not double the load."""

    MOST = 10.0
    EARNED = 0.1
    """What each request adds: at most one in ten is tried again for long."""

    def __init__(self) -> None:
        self._left = self.MOST

    def earn(self) -> None:
        """A request came."""
        self._left = min(self.MOST, self._left + self.EARNED)

    def spend(self) -> bool:
        """Whether another try is within the budget."""
        if self._left < 1:
            return False
        self._left -= 1
        return True
