"""Keeps the revocations up to date: by the stream, and by the feed every few seconds in any case.

Every gateway reads the whole stream from its end when it connects; earlier and missed entries come from the feed. So an
ended session is refused at once while Redis is available, and within `INTERVAL` seconds while it is not. While auth is
unavailable, the known state stays in force.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Any

import redis.asyncio

from chassis.journal.continuity import Checkpoint, continues
from contracts.identity_journal import IDENTITY_STREAM
from contracts.journal import StreamMessage
from gateway.authentication.auth_client import AuthClient
from gateway.authentication.revocations import IdentityPosition, IdentityRecord, Revocations, sign_ins_unavailable
from gateway.metrics import identity_read

log = logging.getLogger(__name__)

INTERVAL = 5.0
"""Seconds between two reads of the feed if no message arrives."""
FIRST_INTERVAL = 0.2
"""Seconds between two attempts until the first read has succeeded: until then no request is authenticated."""
BLOCK_MS = 1_000
"""Milliseconds that one read of the stream waits; below the client's socket timeout."""
RETRY_DELAY = 0.5
"""Seconds before Redis is used again after an error."""
BATCH_SIZE = 500
_LAST_ID = b"18446744073709551615-"
"""Prefix of the last possible id, which no relay writes: after it a stream accepts no message and is deleted."""


class IdentityJournalReader:
    """Two tasks: one reads the stream, the other the feed."""

    def __init__(self, auth: AuthClient, client: redis.asyncio.Redis, revocations: Revocations) -> None:
        """`client` is not shared: the reader blocks on its connection."""
        self._auth = auth
        self._redis = client
        self._revocations = revocations
        self._wake = revocations.wake
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Starts both tasks."""
        self._tasks = [asyncio.create_task(self._read_feed()), asyncio.create_task(self._read_stream())]

    async def stop(self) -> None:
        """Stops both tasks."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._redis.aclose()

    async def _read_feed(self) -> None:
        failing = False
        while True:
            self._wake.clear()
            waiting = self._revocations.take_waiting()
            try:
                await self._catch_up()
                _resolve(waiting)
                identity_read.set_to_current_time()
                if failing:
                    log.info("the journal of identity is read again")
                failing = False
            except Exception as error:  # noqa: BLE001 - after any error the next attempt may succeed
                _reject(waiting)
                if not failing and not self._is_starting(error):
                    log.warning("the journal of identity cannot be read", extra={"error": repr(error)})
                    failing = True
            self._revocations.prune()
            with suppress(TimeoutError):
                async with asyncio.timeout(INTERVAL if self._revocations.record else FIRST_INTERVAL):
                    await self._wake.wait()

    def _is_starting(self, error: Exception) -> bool:
        """Whether auth has not started yet; `/readyz` reports that meanwhile."""
        return self._revocations.record is None and isinstance(error.__cause__, OSError)

    async def _catch_up(self) -> None:
        """Raises Unavailable."""
        record = self._revocations.record
        if record is not None:
            known = record.position
            page = await self._auth.feed(known.revision)
            if continues(Checkpoint(*known), page):
                while self._revocations.apply(page.entries) and page.entries and record.position.revision < page.head:
                    page = await self._auth.feed(record.position.revision)
                return
            log.warning("auth's journal was replaced; reading it from the start", extra={"revision": known.revision})
        self._revocations.replace(await self._read_from_start())

    async def _read_from_start(self) -> IdentityRecord:
        page = await self._auth.feed(None)
        first = page.entries[0] if page.entries else None
        record = IdentityRecord(
            IdentityPosition(first.revision - 1, first.previous) if first else IdentityPosition(page.head, page.tail)
        )
        while record.apply(page.entries) and page.entries and record.position.revision < page.head:
            page = await self._auth.feed(record.position.revision)
        return record

    async def _read_stream(self) -> None:
        while True:
            try:
                await self._follow_stream()
            except Exception as error:  # noqa: BLE001 - as above: the feed is read meanwhile
                log.debug("the stream cannot be read", extra={"error": repr(error)})
            await asyncio.sleep(RETRY_DELAY)

    async def _follow_stream(self) -> None:
        newest: list[Any] = await self._redis.xrevrange(IDENTITY_STREAM, count=1)
        last = newest[0][0] if newest else b"0-0"
        self._wake.set()  # for entries that were published before
        while not last.startswith(_LAST_ID):
            streams: Any = await self._redis.xread({IDENTITY_STREAM: last}, count=BATCH_SIZE, block=BLOCK_MS)
            for _, messages in streams or ():
                for last, fields in messages:  # noqa: B007 - the id of the last one is where the next read begins
                    self._apply_message(fields)

    def _apply_message(self, fields: dict[bytes, bytes]) -> None:
        try:
            message = StreamMessage.decode(fields)
            applied = message.entry is not None and self._revocations.apply([message.entry])
        except (KeyError, ValueError):
            log.warning("a message on the stream of identity cannot be read")
            applied = False
        if not applied:
            self._wake.set()


def _resolve(waiting: list[asyncio.Future[None]]) -> None:
    for future in waiting:
        if not future.done():
            future.set_result(None)


def _reject(waiting: list[asyncio.Future[None]]) -> None:
    for future in waiting:
        if not future.done():
            future.set_exception(sign_ins_unavailable())
