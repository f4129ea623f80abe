"""Limits on concurrent requests to one service, by kind of request: in total, per caller and per network."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from chassis.errors import TooManyRequests
from gateway.errors import ServiceBusy
from gateway.routes import SAFE_METHODS, Pool, Route, Service
from gateway.upstreams.bulkhead import Bulkhead, Lane, Place, Size

AT_ONCE = 24
"""Requests that a service works on at once: fewer than its 40 threads, so that they wait here, where it is fair."""
READS_EACH = {Service.AUTH: 4, Service.EXPENSES: 2, Service.INSIGHTS: 4}
WRITES_EACH = {Service.AUTH: 2, Service.EXPENSES: 1, Service.INSIGHTS: 2}
"""expenses serializes the writes of a ledger anyway, and SQLite those of all ledgers."""
_LONG = Size(places=8, each=1, queue=40, queue_each=8)
_ASK = Size(places=8, each=2, queue=40, queue_each=4)
_LARGE = Size(places=32, each=4, queue=32, queue_each=4, timeout=2.0)


class Shares(NamedTuple):
    """Upper bounds: in total, per caller, and per network address."""

    all: int
    each: int
    network: int


class Slots:
    """Places without a queue: they are held for long, so a request that finds none free is refused at once."""

    retry_after = 5

    def __init__(self, service: str, shares: Shares) -> None:
        self._service = service
        self._shares = shares
        self._callers: Counter[str] = Counter()
        self._networks: Counter[str] = Counter()

    @contextmanager
    def place(self, caller: str, network: str) -> Iterator[None]:
        """Takes a place. Raises TooManyRequests for a share that is used up, ServiceBusy where all are."""
        shares = self._shares
        if self._callers[caller] >= shares.each or self._networks[network] >= shares.network:
            raise TooManyRequests(self.retry_after)
        if self._callers.total() >= shares.all:
            raise ServiceBusy(self._service, self.retry_after)
        self._callers[caller] += 1
        self._networks[network] += 1
        try:
            yield
        finally:
            for counter, key in ((self._callers, caller), (self._networks, network)):
                counter[key] -= 1
                if not counter[key]:
                    del counter[key]


class Places:
    """All places at one service."""

    def __init__(self, service: Service, streams: Shares, uploads: Shares) -> None:
        self._service = service
        self._shared = Bulkhead(service, Size(AT_ONCE, READS_EACH[service], queue=400, queue_each=60))
        self._long = defaultdict[str, Bulkhead](lambda: Bulkhead(service, _LONG))
        self._asks = Bulkhead(service, _ASK)
        self._large = Bulkhead(service, _LARGE)
        self.streams = Slots(service, streams)
        """For live streams, which keep theirs for hours."""
        self.uploads = Slots(service, uploads)
        """For long bodies, until their requests are answered."""

    async def take(self, route: Route, method: str, caller: str, pause: float = 0.0) -> Place:
        """A place for a request; `pause` is the time until the caller's next one. Raises as `Bulkhead.take` does."""
        if route.pool is Pool.ASK:
            return await self._asks.take(Lane(caller))
        if method not in SAFE_METHODS:
            return await self._shared.take(Lane(caller, "writes"), WRITES_EACH[self._service], pause)
        if route.pool is Pool.LONG:
            return await self._long[route.prefix].take(Lane(caller), pause=pause)
        if pause:
            return await self._shared.take(Lane(caller, "long reads"), 1, pause)
        return await self._shared.take(Lane(caller))

    async def take_large(self, caller: str) -> Place:
        """A place for an answer that is not held here, while its client reads it."""
        return await self._large.take(Lane(caller))
