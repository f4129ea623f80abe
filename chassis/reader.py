"""One apply function for every way in which entries arrive: stream, pull-through and sweep."""

import logging
import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from chassis import metrics
from chassis.checkpoint import CLOSED, Checkpoint, Checkpoints, Moved, run_from
from chassis.database import Database, is_transient
from chassis.errors import NotFound, Unavailable
from chassis.feed import Feed, Unreadable
from chassis.projection import Projection
from contracts.journal import Bell, Head, JournalEntry

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds that a waiting read may spend on catching up; the sweep and the stream take their time."""
TOLD_AT_ONCE = 500
"""Ledgers of one look at the checkpoints, and of one word to Redis."""


class Reached(NamedTuple):
    """How far a ledger is taken in, and whether that is all that was wanted, or all that the journal had."""

    revision: int
    end: bool


class _Batch(NamedTuple):
    start: Checkpoint
    entries: list[JournalEntry]


class Reader:
    """Takes the journal in.

    `after_commit` gets the revision of each ledger that was rung for, applied or duplicate, unless it is closed;
    `rewound` a ledger whose journal turned out to be another one.
    """

    def __init__(
        self,
        database: Database,
        checkpoints: Checkpoints,
        feed: Feed,
        projection: Projection,
        after_commit: Callable[[Mapping[UUID, int]], None],
        rewound: Callable[[UUID], None],
    ) -> None:
        self._database = database
        self._checkpoints = checkpoints
        self._feed = feed
        self._projection = projection
        self._after_commit, self._rewound = after_commit, rewound
        self._flights: dict[UUID, threading.Lock] = defaultdict(threading.Lock)

    def take(self, bells: Sequence[Bell]) -> None:
        """Takes a batch of stream messages in. Raises only transient errors: try the same batch again."""
        wanted: dict[UUID, int] = {}
        rung: dict[UUID, dict[int, JournalEntry]] = defaultdict(dict)
        for bell in bells:
            wanted[bell.ledger] = max(wanted.get(bell.ledger, 0), bell.revision)
            if bell.entry:
                rung[bell.ledger][bell.revision] = bell.entry
        try:
            self._apply(wanted, rung, by="stream")
        except Exception as error:  # noqa: BLE001 - whichever ledger is to blame, the others go on
            _raise_if_transient(error)
            for ledger in sorted(wanted):
                with _others_go_on(ledger):
                    self._alone(ledger, wanted[ledger], by="stream")
        self._tell(self._reached(wanted))

    def catch_up(self, ledger: UUID, revision: int, *, by: str, patience: float = PATIENCE) -> Reached:
        """Tries to bring a ledger to that revision. Raises Unavailable or a transient error."""
        deadline = time.monotonic() + patience
        flight = self._flights[ledger]
        end = False
        if flight.acquire(timeout=min(patience, threading.TIMEOUT_MAX)):  # one flight a ledger: the others find it done
            try:
                end = self._alone(ledger, revision, by=by, deadline=deadline)
            finally:
                flight.release()
        reached = self._reached([ledger])
        self._tell(reached)
        return Reached(reached[ledger], end)

    def sweep(self) -> int:
        """Compares every head with its checkpoint, catches up, and tells where all stand; how many were missing."""
        missing = ledgers = 0
        after = None
        while True:
            page = self._feed.heads(after)
            found = [count for head in page.items if (count := self._mend(head))]
            missing, ledgers = missing + sum(found), ledgers + len(found)
            self._tell_again([head.ledger for head in page.items])
            after = page.next_after
            if after is None:
                break
        metrics.behind.set(missing)
        metrics.ledgers_behind.set(ledgers)
        with self._database.snapshot() as session:
            metrics.parked.set(len(self._checkpoints.parked(session)))
        return missing

    def _tell_again(self, ledgers: Sequence[UUID]) -> None:
        """Whoever applied may have died before it told, and Redis may have lost what it was told since."""
        for start in range(0, len(ledgers), TOLD_AT_ONCE):
            self._tell(self._reached(ledgers[start : start + TOLD_AT_ONCE]))

    def _tell(self, reached: Mapping[UUID, int]) -> None:
        self._after_commit({ledger: revision for ledger, revision in reached.items() if revision < CLOSED.revision})

    def _mend(self, head: Head) -> int:
        with self._database.snapshot() as session:
            at = self._checkpoints.of(session, [head.ledger])[head.ledger]
            if head.ledger in self._checkpoints.parked(session):
                return 0
        if at in {Checkpoint(head.head, head.tail), CLOSED}:
            return 0
        with _others_go_on(head.ledger):
            if at.revision >= head.head:
                # The page may be older than the checkpoint; only the feed itself can tell a rewound journal.
                page = self._feed.page(head.ledger, at.revision)
                if page.head > at.revision or Checkpoint(page.head, page.tail) == at:
                    return 0
                self._rebuild(head.ledger, at)
            self.catch_up(head.ledger, head.head, by="sweep", patience=math.inf)
        return max(head.head - at.revision, 1)

    def _alone(self, ledger: UUID, revision: int, *, by: str, deadline: float = math.inf) -> bool:
        """Applies what a single ledger misses, page by page; whether it came to the revision or the journal's end."""
        while time.monotonic() < deadline:
            with self._database.snapshot() as session:
                at = self._checkpoints.of(session, [ledger])[ledger]
                if at.revision >= revision:
                    return True
                if ledger in self._checkpoints.parked(session):
                    return False
            try:
                entries = self._fetch(ledger, at)
                if not entries:
                    return True
                self._apply_page(ledger, at, entries, by=by)
            except Moved:
                continue
        return False

    def _apply_page(self, ledger: UUID, at: Checkpoint, entries: list[JournalEntry], *, by: str) -> None:
        try:
            self._commit({ledger: _Batch(at, entries)}, by=by)
        except Moved:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this ledger's alone
            _raise_if_transient(error)
            if len(entries) == 1:
                self._park(entries[0], error)
                return
            half = len(entries) // 2
            self._apply_page(ledger, at, entries[:half], by=by)
            middle = entries[half - 1]
            self._apply_page(ledger, Checkpoint(middle.revision, middle.id), entries[half:], by=by)

    def _apply(self, wanted: Mapping[UUID, int], rung: Mapping[UUID, Mapping[int, JournalEntry]], *, by: str) -> None:
        with self._database.snapshot() as session:
            checkpoints = self._checkpoints.of(session, wanted)
            parked = self._checkpoints.parked(session)
        batches: dict[UUID, _Batch] = {}
        for ledger in sorted(wanted):
            at = checkpoints[ledger]
            if ledger in parked or wanted[ledger] <= at.revision:
                continue
            entries = run_from(at, rung.get(ledger, {}))
            if not entries or entries[-1].revision < wanted[ledger]:
                entries = self._fetch(ledger, at)
            if entries:
                batches[ledger] = _Batch(at, entries)
        if batches:
            self._commit(batches, by=by)

    def _fetch(self, ledger: UUID, at: Checkpoint) -> list[JournalEntry]:
        """The entries after a checkpoint; where the journal is not the one we read, it is read from the start."""
        try:
            page = self._feed.page(ledger, at.revision)
        except NotFound:
            return []
        follows = page.entries[0].previous if page.entries else page.tail
        if page.head < at.revision or follows != at.entry_id:
            self._rebuild(ledger, at)
            raise Moved
        return list(page.entries)

    def _rebuild(self, ledger: UUID, at: Checkpoint) -> None:
        with self._database.write() as session:
            shelf = self._checkpoints.forget(session, ledger, at)
            if shelf is None:
                return
            self._projection.clear(session, shelf)
            self._projection.forget(session, ledger)
        self._rewound(ledger)
        log.warning("journal was rewound; reading it from the start", extra={"ledger": ledger})
        metrics.rebuilds.inc()

    def _commit(self, batches: Mapping[UUID, _Batch], *, by: str) -> None:
        with self._database.write() as session:
            shelves = {  # in id order: two batches cannot deadlock
                self._checkpoints.move(session, ledger, batch.start, batch.entries[-1]): batch.entries
                for ledger, batch in batches.items()
            }
            self._projection.project(session, shelves)
            self._projection.moved(session, {ledger: batch.entries[-1].revision for ledger, batch in batches.items()})
        metrics.applied.labels(by).inc(sum(len(batch.entries) for batch in batches.values()))

    def _park(self, entry: JournalEntry, error: Exception) -> None:
        log.error("entry cannot be applied; ledger set aside", exc_info=error, extra={"ledger": entry.ledger})
        with self._database.write() as session:
            self._checkpoints.park(session, entry.ledger, entry.revision, repr(error))

    def _reached(self, ledgers: Iterable[UUID]) -> dict[UUID, int]:
        with self._database.snapshot() as session:
            return {ledger: at.revision for ledger, at in self._checkpoints.of(session, ledgers).items()}


@contextmanager
def _others_go_on(ledger: UUID) -> Iterator[None]:
    """What the book cannot tell of one ledger keeps nobody else waiting."""
    try:
        yield
    except Unreadable:
        log.exception("the feed cannot be read; left to the next sweep", extra={"ledger": ledger})


def _raise_if_transient(error: Exception) -> None:
    if isinstance(error, Unavailable) and not isinstance(error, Unreadable):
        raise error
    if isinstance(error, DBAPIError) and is_transient(error):
        raise error
