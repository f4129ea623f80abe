"""The relay announces what the journal holds and the stream does not yet, and keeps at it."""

import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import redis
import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis import metrics
from chassis.answers import ReadyAnswers
from chassis.background import BackgroundWork
from chassis.database import Database
from chassis.journal import Journal
from chassis.journal_pages import decode
from contracts.journal import Backlog, Bell, JournalEntry

CLOCK = 1.0
"""Seconds between looks at the table when no commit wakes the relay: another instance's writes count too."""
BACK_OFF = (0.1, 0.2, 0.5, 1.0)
"""Seconds between tries while Redis is away; short, so that it goes on at once when Redis returns."""
LEDGERS_AT_ONCE = 100
ENTRIES_AT_ONCE = 200
BYTES_AT_ONCE = 4 * 1024 * 1024
"""Bytes of entries that are read together, over all ledgers."""
STREAM_LENGTH = 100_000
"""Roughly how many messages a stream keeps; readers heal from the journal when more are gone."""
NOTHING = Backlog(entries=0, since=None)

Batch = tuple[UUID, list[JournalEntry]]
"""Entries of one ledger, oldest first."""


class Relay(BackgroundWork):
    """One thread of the service that keeps the journal. Several instances only ring twice."""

    def __init__(
        self, database: Database, journal: Journal, client: redis.Redis, stream_of: Callable[[UUID], str]
    ) -> None:
        """`stream_of` names the stream on which a ledger is announced."""
        super().__init__("relay", CLOCK, BACK_OFF)
        self._database = database
        self._journal = journal
        self._redis = client
        self._answers = ReadyAnswers(client)
        self._stream_of = stream_of
        self._told_at = -CLOCK

    def work(self) -> None:
        """Announces all that waits."""
        while self.announce_some() and not self.is_stopped:
            pass

    def announce_some(self) -> bool:
        """Announces one batch; whether there may be more. Holds no transaction while it talks to Redis."""
        with self._database.snapshot() as session:
            waiting = self._journal.unannounced(session, LEDGERS_AT_ONCE)
            self._tell(session, len(waiting))
            batches = self._batches(session, waiting)
        if not batches:
            return False
        rung, refusal = self._ring(batches)
        with self._database.write() as session:
            for ledger, entries in sorted(rung):
                self._journal.mark_announced(session, ledger, entries[-1].revision)
        metrics.announced.inc(sum(len(entries) for _, entries in rung))
        if refusal:
            raise refusal
        return True

    def _batches(self, session: Session, waiting: Sequence[sa.Row[Any]]) -> list[Batch]:
        """The next entries of some ledgers, a few megabytes of them: what is left has its turn in the next batch."""
        batches: list[Batch] = []
        room = BYTES_AT_ONCE
        for row in waiting:
            found = self._journal.rows(session, row.id, row.announced, limit=ENTRIES_AT_ONCE, most_bytes=room)
            if found:
                batches.append((row.id, list(map(decode, found))))
            room -= sum(len(entry.pairs.encode()) for entry in found)
            if room <= 0:
                break
        return batches

    def _tell(self, session: Session, waiting: int) -> None:
        """Tells what is not announced, before Redis is asked: it may be away. Counts a multitude once a second only."""
        if waiting == LEDGERS_AT_ONCE and time.monotonic() < self._told_at + CLOCK:
            return
        backlog = self._journal.backlog(session) if waiting else NOTHING
        metrics.not_announced.set(backlog.entries)
        metrics.not_announced_since.set(backlog.since.timestamp() if backlog.since else 0)
        self._told_at = time.monotonic()

    def _ring(self, batches: list[Batch]) -> tuple[list[Batch], redis.ResponseError | None]:
        """What the streams have taken, each ledger up to its first refused entry, and the first refusal.

        Raises RedisError where nobody knows what was taken: then all of it is rung again.
        """
        pipeline = self._redis.pipeline(transaction=False)
        for ledger, entries in batches:
            stream = self._stream_of(ledger)
            for entry in entries:
                bell = Bell(ledger=ledger, revision=entry.revision, entry=entry)
                pipeline.xadd(stream, bell.fields(), maxlen=STREAM_LENGTH, approximate=True)
            self._answers.raise_head(ledger, entries[-1].revision, pipeline)
        replies = iter(pipeline.execute(raise_on_error=False))
        rung, refusal = [], None
        for ledger, entries in batches:
            results = [next(replies) for _ in entries]
            next(replies)  # of the head, which is a hint
            refused = [result for result in results if isinstance(result, redis.ResponseError)]
            refusal = refusal or next(iter(refused), None)
            taken = entries[: results.index(refused[0])] if refused else entries
            if taken:
                rung.append((ledger, taken))
        return rung, refusal
