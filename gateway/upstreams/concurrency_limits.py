"""Limits on concurrent requests to one service, by kind of request: in total, per caller and per network."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from chassis.errors import TooManyRequests
from gateway.errors import ServiceBusy
from gateway.routes import SAFE_METHODS, Pool, Route, Service
from gateway.upstreams.bulkhead import Bulkhead, BulkheadSize, BulkheadSlot, Lane

MAX_CONCURRENT = 24
"""Concurrent requests to a service: fewer than its 40 threads, so that requests wait here, where queues are fair."""
READS_PER_CALLER = {Service.AUTH: 4, Service.EXPENSES: 2, Service.INSIGHTS: 4}
WRITES_PER_CALLER = {Service.AUTH: 2, Service.EXPENSES: 1, Service.INSIGHTS: 2}
"""expenses serializes the writes of a ledger anyway, and SQLite those of all ledgers."""
_LONG = BulkheadSize(slots=8, per_lane=1, queue=40, queue_per_lane=8)
_ASK = BulkheadSize(slots=8, per_lane=2, queue=40, queue_per_lane=4)
_LARGE = BulkheadSize(slots=32, per_lane=4, queue=32, queue_per_lane=4, timeout=2.0)


class ConcurrencyShares(NamedTuple):
    """Upper bounds: in total, per caller, and per network address."""

    all: int
    each: int
    network: int


class UnqueuedSlots:
    """Slots without a queue: they are held for long, so a request without a free slot is refused at once."""

    retry_after = 5

    def __init__(self, service: str, shares: ConcurrencyShares) -> None:
        self._service = service
        self._shares = shares
        self._callers: Counter[str] = Counter()
        self._networks: Counter[str] = Counter()

    @contextmanager
    def acquire(self, caller: str, network: str) -> Iterator[None]:
        """Acquires a slot. Raises TooManyRequests for an exhausted share, ServiceBusy if all slots are taken."""
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


class ConcurrencyLimits:
    """All slots of one service."""

    def __init__(self, service: Service, streams: ConcurrencyShares, uploads: ConcurrencyShares) -> None:
        self._service = service
        self._shared = Bulkhead(
            service, BulkheadSize(MAX_CONCURRENT, READS_PER_CALLER[service], queue=400, queue_per_lane=60)
        )
        self._long = defaultdict[str, Bulkhead](lambda: Bulkhead(service, _LONG))
        self._asks = Bulkhead(service, _ASK)
        self._large = Bulkhead(service, _LARGE)
        self.streams = UnqueuedSlots(service, streams)
        """For live streams, which last for hours."""
        self.uploads = UnqueuedSlots(service, uploads)
        """For long bodies, until the response."""

    async def acquire(self, route: Route, method: str, caller: str, pause: float = 0.0) -> BulkheadSlot:
        """Acquires a slot for a request; `pause` is the time until the caller's next one. Raises like `Bulkhead`."""
        if route.pool is Pool.ASK:
            return await self._asks.acquire(Lane(caller))
        if method not in SAFE_METHODS:
            return await self._shared.acquire(Lane(caller, "writes"), WRITES_PER_CALLER[self._service], pause)
        if route.pool is Pool.LONG:
            return await self._long[route.prefix].acquire(Lane(caller), pause=pause)
        if pause:
            return await self._shared.acquire(Lane(caller, "long reads"), 1, pause)
        return await self._shared.acquire(Lane(caller))

    async def acquire_large(self, caller: str) -> BulkheadSlot:
        """Acquires a slot for a response that is streamed while its client reads it."""
        return await self._large.acquire(Lane(caller))
