"""The relay announces what the journal holds and the stream does not yet, and keeps at it."""

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import redis
import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.background.loop import BackgroundWork
from chassis.database.engine import Database
from chassis.journal.heads import Heads
from chassis.journal.journal import Journal
from chassis.journal.pages import decode
from chassis.journal.stream_writer import Message, StreamWriter
from chassis.process import metrics
from contracts.journal import LARGEST_ANNOUNCED, Backlog, Bell, JournalEntry

log = logging.getLogger(__name__)

CLOCK = 1.0
"""Seconds between looks at the table when no commit wakes the relay: another instance's writes count too."""
BACK_OFF = (0.1, 0.2, 0.5, 1.0)
"""Seconds between tries while Redis is away; short, so that it goes on at once when Redis returns."""
LEDGERS_AT_ONCE = 100
ENTRIES_AT_ONCE = 200
ENTRIES_BYTES = 4 * 1024 * 1024
"""Bytes of entries that are read together, over all ledgers."""
BYTES_AT_ONCE = 64 * 1024
"""Of one ledger's messages, in one packet; one message at least."""
NOTHING = Backlog(entries=0, since=None)


class Waiting(NamedTuple):
    """A ledger that is not announced as far as it has come."""

    ledger: UUID
    head: int
    entries: list[sa.Row[Any]]
    """Rows of the next entries to be announced, oldest first; decoded only once they are sent."""


class Relay(BackgroundWork):
    """One thread of the service that keeps the journal. Several instances only ring twice."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        writer: StreamWriter,
        stream_of: Callable[[UUID], str],
        heads: Heads | None = None,
        erase: Callable[[Collection[UUID]], object] | None = None,
    ) -> None:
        """`stream_of` names the stream on which a ledger is announced; `heads` is for a journal with ready answers.

        `erase` deletes what Redis has of ledgers that were closed while their entries were on the way to it.
        """
        super().__init__("relay", CLOCK, BACK_OFF)
        self._database = database
        self._journal = journal
        self._writer = writer
        self._stream_of = stream_of
        self._heads = heads
        self._rung: dict[UUID, int] = {}
        """Ledgers that are on the stream as far as this revision, but whose head could not be raised."""
        self._erase = erase
        self._unmarked: set[UUID] = set()
        """Ledgers whose entries were sent, and that are not marked as announced since."""
        self._closed: set[UUID] = set()
        """Ledgers of which entries were sent after their end, to be erased."""
        self._told_at = -CLOCK

    def work(self) -> None:
        """Announces all that waits."""
        while self.announce_some() and not self.is_stopped:
            pass

    def announce_some(self) -> bool:
        """One round, in which every ledger that waits has its turn; whether there may be more.

        Holds no transaction while it talks to Redis. Raises the first of the RedisErrors that it met.
        """
        this = _Round(self._heads)
        this.attempt(self._erase_closed)
        after: UUID | None = None
        moved = False
        while not this.is_over and (waiting := self._waiting(after)):
            this.raise_heads(waiting)
            rung = this.ring(self._ring, waiting)
            moved = moved or bool(rung)
            if this.heads_are_known:
                self._mark(rung)
            else:
                self._rung |= rung
            after = waiting[-1].ledger
        this.end()
        if this.error:
            raise this.error
        return moved

    def _waiting(self, after: UUID | None) -> list[Waiting]:
        with self._database.snapshot() as session:
            rows = self._journal.unannounced(session, LEDGERS_AT_ONCE, after)
            if after is None:
                self._tell(session, len(rows))
            waiting: list[Waiting] = []
            room = ENTRIES_BYTES
            for row in rows:
                at = max(row.announced, self._rung.get(row.id, 0))
                found = self._journal.rows(session, row.id, at, limit=ENTRIES_AT_ONCE, most_bytes=ENTRIES_BYTES // 8)
                waiting.append(Waiting(row.id, row.head, found))
                room -= sum(len(entry.pairs.encode()) for entry in found)
                if room <= 0:  # the next ledgers have their turn in the same round
                    break
            return waiting

    def _tell(self, session: Session, waiting: int) -> None:
        """Tells what is not announced, before Redis is asked: it may be away. Counts a multitude once a second only."""
        if waiting == LEDGERS_AT_ONCE and time.monotonic() < self._told_at + CLOCK:
            return
        backlog = self._journal.backlog(session) if waiting else NOTHING
        metrics.not_announced.set(backlog.entries)
        metrics.not_announced_since.set(backlog.since.timestamp() if backlog.since else 0)
        self._told_at = time.monotonic()

    def _ring(self, waiting: Sequence[Waiting]) -> tuple[dict[UUID, int], redis.RedisError | None]:
        """How far the stream has taken each ledger, up to its first refused entry, and the first refusal.

        Raises RedisError where nobody knows what was taken: then all of it is rung again.
        """
        bells = [bell for one in waiting for bell in self._bells(one)]
        self._unmarked.update(bell.ledger for bell, _ in bells)
        refused = self._writer.write([message for _, message in bells]) if bells else []
        rung = {one.ledger: reached for one in waiting if (reached := self._rung.get(one.ledger))}
        stuck: set[UUID] = set()
        for (bell, _), error in zip(bells, refused, strict=True):
            if error is not None:
                stuck.add(bell.ledger)
            elif bell.ledger not in stuck:
                rung[bell.ledger] = bell.revision
        metrics.announced.inc(refused.count(None))
        return rung, next(filter(None, refused), None)

    def _bells(self, waiting: Waiting) -> list[tuple[Bell, Message]]:
        stream, size = self._stream_of(waiting.ledger), 0
        found: list[tuple[Bell, Message]] = []
        for row in waiting.entries:
            entry = _decode(row) if len(row.pairs) <= LARGEST_ANNOUNCED else None
            bell = Bell(ledger=waiting.ledger, revision=row.revision, entry=entry)
            fields = bell.fields()
            message = Message(stream, fields, sum(map(len, fields.values())) + 64)
            size += message.size
            if found and size > BYTES_AT_ONCE:
                break
            found.append((bell, message))
        return found

    def _mark(self, rung: Mapping[UUID, int]) -> None:
        if not rung:
            return
        with self._database.write() as session:
            for ledger, revision in sorted(rung.items()):
                if not self._journal.mark_announced(session, ledger, revision):
                    self._closed.add(ledger)
        for ledger in rung:
            self._rung.pop(ledger, None)
        self._unmarked.difference_update(rung)

    def _erase_closed(self) -> None:
        """Deletes entries that were sent when, or after, their ledger was erased. Raises RedisError."""
        unmarked = sorted(self._unmarked)  # none but after a failure
        for start in range(0, len(unmarked), LEDGERS_AT_ONCE):
            with self._database.snapshot() as session:
                self._closed |= self._journal.closed(session, unmarked[start : start + LEDGERS_AT_ONCE])
        if self._closed and self._erase:
            self._erase(self._closed)
        for ledger in self._closed:
            self._rung.pop(ledger, None)
        self._unmarked -= self._closed
        self._closed.clear()


def _decode(row: sa.Row[Any]) -> JournalEntry | None:
    """The entry; None where it cannot be read: its revision is announced all the same, or no ledger's would be."""
    try:
        return decode(row)
    except ValueError:
        log.exception("entry cannot be read; only its revision is announced", extra={"ledger": row.ledger})
        return None


class _Round:
    """The errors of one round: the stream may be unavailable while the cache is available, and vice versa."""

    def __init__(self, heads: Heads | None) -> None:
        self.error: redis.RedisError | None = None
        self.heads_are_known = True
        self._heads = heads
        self._stream_is_away = False
        self._try_heads(Heads.begin)

    @property
    def is_over(self) -> bool:
        """Whether nothing more can be done."""
        return self._stream_is_away and (self._heads is None or not self.heads_are_known)

    def raise_heads(self, waiting: Sequence[Waiting]) -> None:
        """Raises heads to where the journal ends, before the first of its entries is announced."""
        self._try_heads(lambda heads: heads.raise_all({one.ledger: one.head for one in waiting}))

    def ring(
        self,
        ring: Callable[[Sequence[Waiting]], tuple[dict[UUID, int], redis.RedisError | None]],
        waiting: Sequence[Waiting],
    ) -> dict[UUID, int]:
        """Returns how far `ring` announced each ledger; nothing while the stream is unavailable."""
        if self._stream_is_away:
            return {}
        try:
            rung, refusal = ring(waiting)
        except redis.RedisError as error:
            self._stream_is_away = True
            rung, refusal = {}, error
        self.error = self.error or refusal
        return rung

    def attempt(self, step: Callable[[], None]) -> None:
        """Runs a step whose failure keeps nothing else from being done."""
        try:
            step()
        except redis.RedisError as error:
            self.error = self.error or error

    def end(self) -> None:
        """Renews the lease, if all heads are raised."""
        self._try_heads(Heads.end)

    def _try_heads(self, step: Callable[[Heads], None]) -> None:
        if self._heads is None or not self.heads_are_known:
            return
        try:
            step(self._heads)
        except redis.RedisError as error:
            self.heads_are_known = False
            self.error = self.error or error
