"""Concurrency limit for requests to one service, with a share and a queue for each caller."""

import asyncio
from collections import Counter, OrderedDict, deque
from typing import NamedTuple, Self

from chassis.errors import Problem, TooManyRequests
from gateway.errors import ServiceBusy

ACTIVE_FOR = 5.0
"""Seconds after its last request for which a caller counts as active."""

_Future = asyncio.Future[None]


class BulkheadSize(NamedTuple):
    """Bounds of a bulkhead."""

    slots: int
    """Requests in progress."""
    per_lane: int
    """Requests of one lane in progress."""
    queue: int = 0
    """Queued requests."""
    queue_per_lane: int = 0
    """Queued requests of one lane."""
    timeout: float = 5.0
    """Seconds that a request waits."""


class Lane(NamedTuple):
    """The key of a share: a caller, and a kind of request where each kind has its own share."""

    caller: str
    kind: str = ""


class _Queue(NamedTuple):
    each: int
    waiting: deque[_Future]


class BulkheadSlot:
    """An acquired slot. Returned by `release` or at the end of `with`."""

    def __init__(self, bulkhead: "Bulkhead", lane: Lane, pause: float) -> None:
        self._bulkhead: Bulkhead | None = bulkhead
        self._lane = lane
        self._pause = pause

    def release(self) -> None:
        """Returns the slot. Further calls do nothing."""
        if self._bulkhead is not None:
            self._bulkhead.release(self._lane, self._pause)
            self._bulkhead = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


class Bulkhead:
    """A fixed number of slots. Free ones go to the queued lanes in turn, so a long queue delays only its own lane."""

    def __init__(self, service: str, size: BulkheadSize) -> None:
        self._service = service
        self._size = size
        self._free = size.slots
        self._held: Counter[Lane] = Counter()
        self._queues: OrderedDict[Lane, _Queue] = OrderedDict()
        self._waiting = 0
        self._pausing: dict[Lane, asyncio.TimerHandle] = {}
        self._callers: deque[tuple[str, float]] = deque(maxlen=2)
        """The last two distinct callers, and the loop time of their last requests."""

    async def acquire(self, lane: Lane, per_lane: int | None = None, pause: float = 0.0) -> BulkheadSlot:
        """Returns a slot, and waits in the lane's queue if none is free. `per_lane` overrides the lane's share.

        While other callers are active, the lane gets no further slot for `pause` seconds after this one is returned.
        Raises TooManyRequests if the lane has used up its share, and ServiceBusy if all lanes together have.
        """
        per_lane = self._size.per_lane if per_lane is None else per_lane
        self._note(lane.caller)
        if self._free and lane not in self._queues and self._may_enter(lane, per_lane):
            self._hold(lane)
        else:
            await self._wait(lane, per_lane)
        return BulkheadSlot(self, lane, pause)

    def release(self, lane: Lane, pause: float = 0.0) -> None:
        """Returns a slot of that lane, and grants it to the next lane in turn."""
        if pause and lane not in self._pausing and self._has_others(lane.caller):
            self._pausing[lane] = asyncio.get_running_loop().call_later(pause, self._resume, lane)
        self._free += 1
        self._held[lane] -= 1
        if not self._held[lane]:
            del self._held[lane]
        self._grant()

    def _may_enter(self, lane: Lane, each: int) -> bool:
        return self._held[lane] < each and lane not in self._pausing

    def _resume(self, lane: Lane) -> None:
        del self._pausing[lane]
        self._grant()

    def _note(self, caller: str) -> None:
        if self._callers and self._callers[-1][0] == caller:
            self._callers.pop()
        elif self._callers and self._callers[0][0] == caller:
            self._callers.popleft()
        self._callers.append((caller, asyncio.get_running_loop().time()))

    def _has_others(self, caller: str) -> bool:
        since = asyncio.get_running_loop().time() - ACTIVE_FOR
        return any(other != caller and at >= since for other, at in self._callers)

    def _hold(self, lane: Lane) -> None:
        self._free -= 1
        self._held[lane] += 1

    async def _wait(self, lane: Lane, each: int) -> None:
        future = self._queue_up(lane, each)
        try:
            async with asyncio.timeout(self._size.timeout):
                await future
        except TimeoutError:
            self._abandon(lane, future)
            raise self._refusal(lane, each) from None
        except BaseException:
            self._abandon(lane, future)
            raise

    def _queue_up(self, lane: Lane, each: int) -> _Future:
        queue = self._queues.get(lane)
        length = len(queue.waiting) if queue else 0
        if length >= self._size.queue_per_lane:
            raise self._refusal(lane, each)
        if self._waiting >= self._size.queue:
            self._evict(length)
        if queue is None:
            queue = self._queues[lane] = _Queue(each, deque())
        future: _Future = asyncio.get_running_loop().create_future()
        queue.waiting.append(future)
        self._waiting += 1
        return future

    def _refusal(self, lane: Lane, each: int) -> Problem:
        return ServiceBusy(self._service) if self._may_enter(lane, each) else TooManyRequests(1)

    def _evict(self, length: int) -> None:
        """Refuses the newest request of the longest queue, so that a lane with a shorter queue is accepted."""
        longest = max(self._queues.items(), key=lambda item: len(item[1].waiting), default=None)
        if longest is None or len(longest[1].waiting) <= length + 1:
            raise ServiceBusy(self._service)
        lane, queue = longest
        self._remove(lane, queue.waiting[-1]).set_exception(self._refusal(lane, queue.each))

    def _remove(self, lane: Lane, future: _Future) -> _Future:
        queue = self._queues[lane].waiting
        queue.remove(future)
        self._waiting -= 1
        if not queue:
            del self._queues[lane]
        return future

    def _abandon(self, lane: Lane, future: _Future) -> None:
        """After a cancellation or time-out: leaves the queue, or returns the slot that was just granted."""
        if not future.done() or future.cancelled():
            if lane in self._queues and future in self._queues[lane].waiting:
                self._remove(lane, future)
        elif future.exception() is None:
            self.release(lane)

    def _grant(self) -> None:
        while self._free and (lane := self._next()) is not None:
            future = self._remove(lane, self._queues[lane].waiting[0])
            if lane in self._queues:
                self._queues.move_to_end(lane)
            if not future.done():
                self._hold(lane)
                future.set_result(None)

    def _next(self) -> Lane | None:
        return next((lane for lane, queue in self._queues.items() if self._may_enter(lane, queue.each)), None)
