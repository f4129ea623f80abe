"""Live streams: tells open browsers at once where their ledgers stand, and every 15 seconds again.

Events are state, so none has to arrive: of each kind only the newest waits for a slow browser. An open stream is an
entry in a dict and a coroutine; it holds neither a thread nor a connection, to the database or to Redis.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager

import redis.asyncio
from redis.asyncio.client import PubSub
from sqlalchemy.exc import DBAPIError

from chassis.background.backoff import Backoff
from contracts.ids import LedgerId
from contracts.journal import LIVE_CHANNEL
from contracts.live import LiveKind, LiveNotice
from services.insights import metrics
from services.insights.insights.repository import LedgerState

log = logging.getLogger(__name__)

TICK = 15.0
"""Seconds between two looks at the database, for whatever Redis did not bring."""
HEARTBEAT = 10.0
"""Seconds without a message after which Redis is asked for a sign of life."""
NOWHERE = LedgerState(0, None, None)
"""Of a ledger that was never read."""
BACKOFF = (0.1, 0.5, 1.0, 2.0, 5.0)


class _LiveStream:
    """What waits for one browser."""

    def __init__(self) -> None:
        self._waiting: dict[LiveKind, LiveNotice] = {}
        self._woken = asyncio.Event()

    def put(self, notice: LiveNotice) -> None:
        """Queues a notice; a newer one of its kind replaces one that was not read yet."""
        self._waiting[notice.kind] = notice
        self._woken.set()

    async def take(self, timeout: float) -> list[LiveNotice]:  # noqa: ASYNC109 - it is part of what this does
        """What waits, or what comes in time. Raises TimeoutError."""
        await asyncio.wait_for(self._woken.wait(), timeout)
        notices = [self._waiting[kind] for kind in LiveKind if kind in self._waiting]
        self._waiting.clear()
        self._woken.clear()
        return notices


class LiveHub:
    """All live streams of this process, behind one subscription."""

    def __init__(
        self,
        client: redis.asyncio.Redis,
        ledger_states: Callable[[Sequence[LedgerId]], Mapping[LedgerId, LedgerState]],
        tick: float = TICK,
    ) -> None:
        """`standings` asks the database, and is called in a thread: once a tick for all streams."""
        self._redis = client
        self._standings = ledger_states
        self._tick = tick
        self._streams: defaultdict[LedgerId, set[_LiveStream]] = defaultdict(set)
        self.paused = False
        """Whether Redis is away, so that news waits for the next tick."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listens and ticks while the app serves."""
        tasks = [asyncio.create_task(self._listen_forever()), asyncio.create_task(self._run())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._redis.aclose()

    async def follow(self, ledger: LedgerId, seconds: float) -> AsyncIterator[LiveNotice]:
        """What happens to a ledger, from where it stands now, for so many seconds."""
        until = time.monotonic() + seconds
        stream = _LiveStream()
        self._streams[ledger].add(stream)
        metrics.live_streams.inc()
        try:
            await self._refresh([ledger], [stream])
            while (remaining := until - time.monotonic()) > 0:
                for notice in await stream.take(remaining):
                    yield notice
        except TimeoutError:
            return
        finally:
            metrics.live_streams.dec()
            self._streams[ledger].discard(stream)
            if not self._streams[ledger]:
                del self._streams[ledger]

    def open_streams(self) -> int:
        """How many there are now."""
        return sum(len(streams) for streams in self._streams.values())

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._tick)
            await self._refresh_all()

    async def _refresh_all(self) -> None:
        if self._streams:
            await self._refresh(list(self._streams), None)

    async def _refresh(self, ledgers: Sequence[LedgerId], streams: Iterable[_LiveStream] | None) -> None:
        """Sends the states of ledgers to these streams, or to all of theirs; to none if the database is unavailable."""
        try:
            positions = await asyncio.to_thread(self._standings, ledgers)
        except DBAPIError as error:
            log.warning("live streams cannot look", extra={"error": type(error.orig).__name__})
            return
        for ledger in ledgers:
            notices = _notices(ledger, positions.get(ledger, NOWHERE))
            for stream in self._streams.get(ledger, ()) if streams is None else streams:
                for notice in notices:
                    stream.put(notice)

    async def _listen_forever(self) -> None:
        backoff = Backoff(BACKOFF)
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(LIVE_CHANNEL)
                    self.paused = False
                    if backoff.succeed():
                        log.info("live streams hear Redis again")
                        await self._refresh_all()
                    await self._listen(pubsub)
            except (redis.RedisError, OSError) as error:
                if not backoff.failures:
                    log.warning("live streams go on without Redis", extra={"error": type(error).__name__})
                    self.paused = True
                    await self._refresh_all()
                await asyncio.sleep(backoff.fail())

    async def _listen(self, pubsub: PubSub) -> None:
        pinged = False
        while True:
            message = await pubsub.get_message(timeout=HEARTBEAT)
            if message is None:
                if pinged:
                    raise redis.ConnectionError("no sign of life")
                await pubsub.ping()
            pinged = message is None
            if message and message["type"] == "message":
                self._dispatch(message["data"])

    def _dispatch(self, data: bytes) -> None:
        try:
            notice = LiveNotice.decode(data)
        except ValueError:
            log.warning("notice skipped")
            return
        for stream in self._streams.get(notice.ledger, ()):
            stream.put(notice)


def _notices(ledger: LedgerId, position: LedgerState) -> list[LiveNotice]:
    """All that the channel may have failed to say: insights can be new where the revision is not."""
    notices = [LiveNotice(ledger=ledger, kind=LiveKind.REVISION, revision=position.revision)]
    if position.insights is not None:
        at = position.computed_at
        notices.append(LiveNotice(ledger=ledger, kind=LiveKind.INSIGHTS, revision=position.insights, computed_at=at))
    return notices
