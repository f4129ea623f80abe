"""Publishes journal entries to the stream until every entry has been published."""

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import redis
import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.background.loop import BackgroundLoop
from chassis.database.engine import Database
from chassis.journal.heads import Heads
from chassis.journal.journal import Journal
from chassis.journal.pages import decode
from chassis.journal.stream_writer import StreamRecord, StreamWriter
from chassis.process import metrics
from contracts.ids import LedgerId
from contracts.journal import MAX_ANNOUNCED_BYTES, Backlog, JournalEntry, StreamMessage

log = logging.getLogger(__name__)

CHECK_INTERVAL = 1.0
"""Seconds between rounds when no commit wakes the relay: other instances write too."""
BACKOFF = (0.1, 0.2, 0.5, 1.0)
"""Seconds between attempts while Redis is unavailable; short, so that publishing resumes when Redis returns."""
LEDGERS_AT_ONCE = 100
ENTRIES_AT_ONCE = 200
ENTRIES_BYTES = 4 * 1024 * 1024
"""Bytes of entries that one round reads, over all ledgers."""
BYTES_AT_ONCE = 64 * 1024
"""Bytes of one ledger's messages in one pipeline; at least one message."""
NO_BACKLOG = Backlog(entries=0, since=None)


class UnpublishedLedger(NamedTuple):
    """A ledger with entries that are not published yet."""

    ledger: LedgerId
    head: int
    entries: list[sa.Row[Any]]
    """Rows of the next entries to publish, oldest first; decoded only when they are sent."""


class Relay(BackgroundLoop):
    """One thread of the service that owns the journal. Several instances only publish entries twice."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        writer: StreamWriter,
        stream_of: Callable[[LedgerId], str],
        heads: Heads | None = None,
        erase: Callable[[Collection[LedgerId]], object] | None = None,
    ) -> None:
        """`stream_of` names a ledger's stream; `heads` is for a journal with cached responses.

        `erase` deletes what Redis holds of ledgers that were closed while their entries were being published.
        """
        super().__init__("relay", CHECK_INTERVAL, BACKOFF)
        self._database = database
        self._journal = journal
        self._writer = writer
        self._stream_of = stream_of
        self._heads = heads
        self._published: dict[LedgerId, int] = {}
        """Revision up to which a ledger is on the stream although its head could not be raised."""
        self._erase = erase
        self._unmarked: set[LedgerId] = set()
        """Ledgers whose entries were sent and are not marked as announced yet."""
        self._closed: set[LedgerId] = set()
        """Closed ledgers whose entries were sent all the same; to be erased from Redis."""
        self._backlog_measured_at = -CHECK_INTERVAL

    def work(self) -> None:
        """Publishes every waiting entry."""
        while self.publish_some() and not self.is_stopped:
            pass

    def publish_some(self) -> bool:
        """Runs one round, with a turn for every waiting ledger; returns whether there may be more.

        Holds no transaction while it talks to Redis. Raises the first RedisError of the round.
        """
        current = _Round(self._heads)
        current.attempt(self._erase_closed)
        after: UUID | None = None
        moved = False
        while not current.is_over and (waiting := self._unpublished(after)):
            current.raise_heads(waiting)
            published = current.publish(self._publish, waiting)
            moved = moved or bool(published)
            if current.heads_are_known:
                self._mark(published)
            else:
                self._published |= published
            after = waiting[-1].ledger
        current.end()
        if current.error:
            raise current.error
        return moved

    def _unpublished(self, after: UUID | None) -> list[UnpublishedLedger]:
        with self._database.snapshot() as session:
            rows = self._journal.unannounced(session, LEDGERS_AT_ONCE, after)
            if after is None:
                self._report_backlog(session, len(rows))
            waiting: list[UnpublishedLedger] = []
            room = ENTRIES_BYTES
            for row in rows:
                at = max(row.announced, self._published.get(row.id, 0))
                entries = self._journal.rows(session, row.id, at, limit=ENTRIES_AT_ONCE, most_bytes=ENTRIES_BYTES // 8)
                waiting.append(UnpublishedLedger(row.id, row.head, entries))
                room -= sum(len(entry.pairs.encode()) for entry in entries)
                if room <= 0:  # the next ledgers follow in the same round
                    break
            return waiting

    def _report_backlog(self, session: Session, ledgers: int) -> None:
        """Sets the backlog metrics, before Redis is used: it may be unavailable. Counts long backlogs once a second."""
        if ledgers == LEDGERS_AT_ONCE and time.monotonic() < self._backlog_measured_at + CHECK_INTERVAL:
            return
        backlog = self._journal.backlog(session) if ledgers else NO_BACKLOG
        metrics.not_announced.set(backlog.entries)
        metrics.not_announced_since.set(backlog.since.timestamp() if backlog.since else 0)
        self._backlog_measured_at = time.monotonic()

    def _publish(self, waiting: Sequence[UnpublishedLedger]) -> tuple[dict[LedgerId, int], redis.RedisError | None]:
        """Returns each ledger's last revision before its first refused entry, and the first refusal.

        Raises RedisError if the outcome is unknown: then all entries are published again.
        """
        batch = [message for one in waiting for message in self._messages(one)]
        self._unmarked.update(message.ledger for message, _ in batch)
        refused = self._writer.write([message for _, message in batch]) if batch else []
        published = {one.ledger: reached for one in waiting if (reached := self._published.get(one.ledger))}
        stuck: set[LedgerId] = set()
        for (message, _), error in zip(batch, refused, strict=True):
            if error is not None:
                stuck.add(message.ledger)
            elif message.ledger not in stuck:
                published[message.ledger] = message.revision
        metrics.announced.inc(refused.count(None))
        return published, next(filter(None, refused), None)

    def _messages(self, waiting: UnpublishedLedger) -> list[tuple[StreamMessage, StreamRecord]]:
        stream, size = self._stream_of(waiting.ledger), 0
        messages: list[tuple[StreamMessage, StreamRecord]] = []
        for row in waiting.entries:
            entry = _decode(row) if len(row.pairs) <= MAX_ANNOUNCED_BYTES else None
            message = StreamMessage(ledger=waiting.ledger, revision=row.revision, entry=entry)
            fields = message.fields()
            record = StreamRecord(stream, fields, sum(map(len, fields.values())) + 64)
            size += record.size
            if messages and size > BYTES_AT_ONCE:
                break
            messages.append((message, record))
        return messages

    def _mark(self, published: Mapping[LedgerId, int]) -> None:
        if not published:
            return
        with self._database.write() as session:
            for ledger, revision in sorted(published.items()):
                if not self._journal.mark_announced(session, ledger, revision):
                    self._closed.add(ledger)
        for ledger in published:
            self._published.pop(ledger, None)
        self._unmarked.difference_update(published)

    def _erase_closed(self) -> None:
        """Deletes entries that were sent while, or after, their ledger was erased. Raises RedisError."""
        unmarked = sorted(self._unmarked)  # none but after a failure
        for start in range(0, len(unmarked), LEDGERS_AT_ONCE):
            with self._database.snapshot() as session:
                self._closed |= self._journal.closed(session, unmarked[start : start + LEDGERS_AT_ONCE])
        if self._closed and self._erase:
            self._erase(self._closed)
        for ledger in self._closed:
            self._published.pop(ledger, None)
        self._unmarked -= self._closed
        self._closed.clear()


def _decode(row: sa.Row[Any]) -> JournalEntry | None:
    """Returns the entry; None if it cannot be read. Its revision is published all the same, so that others follow."""
    try:
        return decode(row)
    except ValueError:
        log.exception("entry cannot be read; only its revision is published", extra={"ledger": row.ledger})
        return None


class _Round:
    """Keeps the errors of one round: the stream may be unavailable while the cache is available, and vice versa."""

    def __init__(self, heads: Heads | None) -> None:
        self.error: redis.RedisError | None = None
        self.heads_are_known = True
        self._heads = heads
        self._stream_is_unavailable = False
        self._try_heads(Heads.begin)

    @property
    def is_over(self) -> bool:
        """Whether nothing more can be done in this round."""
        return self._stream_is_unavailable and (self._heads is None or not self.heads_are_known)

    def raise_heads(self, waiting: Sequence[UnpublishedLedger]) -> None:
        """Raises heads to the end of the journal, before the first of its entries is published."""
        self._try_heads(lambda heads: heads.raise_all({one.ledger: one.head for one in waiting}))

    def publish(
        self,
        publish: Callable[[Sequence[UnpublishedLedger]], tuple[dict[LedgerId, int], redis.RedisError | None]],
        waiting: Sequence[UnpublishedLedger],
    ) -> dict[LedgerId, int]:
        """Returns the published revision of each ledger; nothing while the stream is unavailable."""
        if self._stream_is_unavailable:
            return {}
        try:
            published, refusal = publish(waiting)
        except redis.RedisError as error:
            self._stream_is_unavailable = True
            published, refusal = {}, error
        self.error = self.error or refusal
        return published

    def attempt(self, step: Callable[[], None]) -> None:
        """Runs a step whose failure does not end the round."""
        try:
            step()
        except redis.RedisError as error:
            self.error = self.error or error

    def end(self) -> None:
        """Renews the lease if all heads are raised."""
        self._try_heads(Heads.end)

    def _try_heads(self, step: Callable[[Heads], None]) -> None:
        if self._heads is None or not self.heads_are_known:
            return
        try:
            step(self._heads)
        except redis.RedisError as error:
            self.heads_are_known = False
            self.error = self.error or error
