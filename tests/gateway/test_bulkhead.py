"""Places at a service are shared: a caller with many requests waits behind its own, not ahead of other callers."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from chassis.errors import TooManyRequests
from gateway.errors import ServiceBusy
from gateway.upstreams.bulkhead import Bulkhead, BulkheadSize, Lane

SIZE = BulkheadSize(slots=2, per_lane=1, queue=4, queue_per_lane=3, timeout=30)
GREEDY, OTHER, THIRD = Lane("greedy"), Lane("other"), Lane("third")


class ConcurrentRequests:
    """Requests that hold their places until they are let go, and the order in which they got in."""

    def __init__(self, size: BulkheadSize) -> None:
        self.bulkhead = Bulkhead("expenses", size)
        self.entered: list[Lane] = []
        self._tasks: list[tuple[Lane, asyncio.Event, asyncio.Task[None]]] = []

    async def begin(self, lane: Lane) -> asyncio.Task[None]:
        done = asyncio.Event()

        async def request() -> None:
            with await self.bulkhead.acquire(lane):
                self.entered.append(lane)
                await done.wait()

        task = asyncio.create_task(request())
        self._tasks.append((lane, done, task))
        await _settle()
        return task

    async def end_first(self) -> None:
        """Ends the request that has held its place for longest."""
        lane = self.entered[len([1 for _, done, _ in self._tasks if done.is_set()])]
        done = next(done for of, done, task in self._tasks if of == lane and not done.is_set() and not task.done())
        done.set()
        await _settle()


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(_awaited(story), 20))


async def _awaited(story: Callable[[], Awaitable[None]]) -> None:
    await story()


def test_a_caller_holds_a_share_and_leaves_the_rest_to_others() -> None:
    async def story() -> None:
        requests = ConcurrentRequests(SIZE)
        for lane in (GREEDY, GREEDY, GREEDY, OTHER):
            await requests.begin(lane)
        assert requests.entered == [GREEDY, OTHER]

    run(story)


def test_free_places_go_to_the_waiting_callers_in_turn() -> None:
    async def story() -> None:
        requests = ConcurrentRequests(BulkheadSize(slots=1, per_lane=1, queue=9, queue_per_lane=9, timeout=30))
        for lane in (GREEDY, GREEDY, GREEDY, GREEDY, OTHER, THIRD):
            await requests.begin(lane)
        for _ in range(5):
            await requests.end_first()
        assert requests.entered == [GREEDY, GREEDY, OTHER, THIRD, GREEDY, GREEDY]

    run(story)


def test_a_caller_that_fills_its_queue_is_refused_with_retry_after() -> None:
    async def story() -> None:
        requests = ConcurrentRequests(SIZE)
        for _ in range(1 + SIZE.queue_per_lane):
            await requests.begin(GREEDY)
        refused = await requests.begin(GREEDY)
        with pytest.raises(TooManyRequests) as caught:
            await refused
        assert caught.value.headers["Retry-After"] == "1"
        await requests.begin(OTHER)
        assert requests.entered == [GREEDY, OTHER]

    run(story)


def test_a_full_queue_makes_room_at_the_expense_of_the_longest() -> None:
    async def story() -> None:
        requests = ConcurrentRequests(BulkheadSize(slots=1, per_lane=1, queue=3, queue_per_lane=3, timeout=30))
        greedy = [await requests.begin(GREEDY) for _ in range(4)]
        other = await requests.begin(OTHER)
        assert [task.done() for task in greedy] == [False, False, False, True]
        with pytest.raises(TooManyRequests):
            await greedy[-1]
        await requests.end_first()
        await requests.end_first()
        assert requests.entered == [GREEDY, GREEDY, OTHER]
        assert not other.done()

    run(story)


def test_a_request_that_gives_up_leaves_the_queue_and_a_place_that_it_was_just_given() -> None:
    async def story() -> None:
        bulkhead = Bulkhead("expenses", BulkheadSize(slots=1, per_lane=1, queue=2, queue_per_lane=2, timeout=30))
        place = await bulkhead.acquire(GREEDY)
        waiting = asyncio.create_task(bulkhead.acquire(OTHER))
        await _settle()
        place.release()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        with await bulkhead.acquire(GREEDY):
            gone = asyncio.create_task(bulkhead.acquire(OTHER))
            await _settle()
            gone.cancel()
            await _settle()
        assert not bulkhead._queues
        assert bulkhead._free == 1
        assert not bulkhead._held

    run(story)


def test_a_queued_request_times_out() -> None:
    async def story() -> None:
        bulkhead = Bulkhead("insights", BulkheadSize(slots=1, per_lane=1, queue=2, queue_per_lane=1, timeout=0.01))
        with await bulkhead.acquire(GREEDY):
            with pytest.raises(TooManyRequests):
                await bulkhead.acquire(GREEDY)
            with pytest.raises(ServiceBusy):
                await bulkhead.acquire(OTHER)
        with await bulkhead.acquire(OTHER):
            pass

    run(story)


def test_a_lane_pauses_after_much_work_while_there_are_others() -> None:
    async def story() -> None:
        bulkhead = Bulkhead("expenses", BulkheadSize(slots=4, per_lane=1, queue=4, queue_per_lane=4, timeout=30))
        for _ in range(3):
            (await bulkhead.acquire(GREEDY, pause=1000)).release()  # alone, it never pauses
        (await bulkhead.acquire(OTHER)).release()
        (await bulkhead.acquire(GREEDY, pause=1000)).release()

        waiting = asyncio.create_task(bulkhead.acquire(GREEDY))
        await _settle()
        (await bulkhead.acquire(OTHER)).release()
        assert not waiting.done()
        bulkhead._pausing[GREEDY].cancel()
        bulkhead._resume(GREEDY)
        (await waiting).release()

    run(story)


def test_a_pause_ends_by_itself() -> None:
    async def story() -> None:
        bulkhead = Bulkhead("expenses", BulkheadSize(slots=4, per_lane=1, queue=4, queue_per_lane=4, timeout=30))
        (await bulkhead.acquire(OTHER)).release()
        (await bulkhead.acquire(GREEDY, pause=0.01)).release()
        (await bulkhead.acquire(GREEDY)).release()
        assert not bulkhead._pausing

    run(story)
