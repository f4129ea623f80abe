"""One apply function for every way in which entries arrive: stream, pull-through and sweep."""

import logging
import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple
from uuid import UUID

from chassis.background.single_flight import SingleFlight
from chassis.database.engine import Database
from chassis.errors import NotFound, Unavailable
from chassis.journal.feed import EVERYTHING, TIMEOUT, Feed, TooSlow, Unreadable
from chassis.journal.retryable import is_retryable, raise_if_retryable
from chassis.process import metrics
from chassis.projections.checkpoints import CLOSED, Checkpoint, Checkpoints, Moved, run_from
from chassis.projections.projection import Projection
from chassis.projections.stragglers import Stragglers
from contracts.journal import Bell, JournalEntry

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds that a waiting read may spend on catching up; the sweep and the stream take their time."""


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
        self.stragglers = Stragglers(self._straggle)
        """To be started where the stream is read or swept."""
        self._flights = SingleFlight()

    def take(self, bells: Sequence[Bell]) -> bool:
        """Takes a batch of stream messages in; False if part of it waits for a sweep, as the feed is unavailable.

        Raises retryable errors of the database: try the same batch again.
        """
        wanted: dict[UUID, int] = {}
        rung: dict[UUID, dict[int, JournalEntry]] = defaultdict(dict)
        for bell in bells:
            wanted[bell.ledger] = max(wanted.get(bell.ledger, 0), bell.revision)
            if bell.entry:
                rung[bell.ledger][bell.revision] = bell.entry
        whole = True
        try:
            whole = self._apply(wanted, rung)
        except Exception as error:  # noqa: BLE001 - whichever ledger is to blame, the others go on
            raise_if_retryable(error)
            for ledger in sorted(wanted):
                whole = self._take_alone(ledger, wanted[ledger]) and whole
        self._tell(self.reached(wanted))
        return whole

    def _take_alone(self, ledger: UUID, revision: int) -> bool:
        try:
            self._alone(ledger, revision, by="stream")
        except TooSlow:
            self.stragglers.add(ledger)
        except Exception as error:
            if isinstance(error, Unavailable) and is_retryable(error):
                return False
            raise_if_retryable(error)
            log.exception("a ledger cannot be read; left to the next sweep", extra={"ledger": ledger})
        return True

    def catch_up(self, ledger: UUID, revision: int, *, by: str, patience: float = PATIENCE) -> Reached:
        """Tries to bring a ledger to that revision. Raises Unavailable or a transient error."""
        deadline = time.monotonic() + patience
        with self._flights.acquire(ledger, patience) as acquired:  # the others find it done
            end = acquired and self._alone(ledger, revision, by=by, deadline=deadline)
        reached = self.reached([ledger])
        self._tell(reached)
        return Reached(reached[ledger], end)

    def reached(self, ledgers: Iterable[UUID]) -> dict[UUID, int]:
        """How far ledgers are taken in."""
        with self._database.snapshot() as session:
            return {ledger: at.revision for ledger, at in self._checkpoints.of(session, ledgers).items()}

    def _tell(self, reached: Mapping[UUID, int]) -> None:
        self._after_commit({ledger: revision for ledger, revision in reached.items() if revision < CLOSED.revision})

    def _alone(self, ledger: UUID, revision: int, *, by: str, deadline: float = math.inf) -> bool:
        """Applies what a single ledger misses, page by page; whether it came to the revision or the journal's end."""
        while time.monotonic() < deadline:
            if (end := self._next_page(ledger, revision, by=by)) is not None:
                return end
        return False

    def _next_page(self, ledger: UUID, revision: int, *, by: str, longest: float = TIMEOUT) -> bool | None:
        """Applies one page, for which `longest` seconds are waited; as `_alone`, and None where there may be more."""
        with self._database.snapshot() as session:
            at = self._checkpoints.of(session, [ledger])[ledger]
            if at.revision >= revision:
                return True
            if self._checkpoints.parked(session, [ledger]):
                return False
        with suppress(Moved):
            entries = self._fetch(ledger, at, longest)
            if not entries:
                return True
            self._apply_page(ledger, at, entries, by=by)
        return None

    def _straggle(self, ledger: UUID) -> bool:
        """Applies one page of a slow ledger; returns whether it is caught up or set aside."""
        done = self._next_page(ledger, EVERYTHING, by="sweep", longest=Feed.LONGEST) is not None
        self._tell(self.reached([ledger]))
        return done

    def _apply_page(self, ledger: UUID, at: Checkpoint, entries: list[JournalEntry], *, by: str) -> None:
        try:
            self._commit({ledger: _Batch(at, entries)}, by=by)
        except Moved:
            raise
        except Exception as error:  # noqa: BLE001 - a retryable one is raised again
            raise_if_retryable(error)
            if len(entries) == 1:
                self._park(ledger, entries[0].revision, error)
                return
            half = len(entries) // 2
            self._apply_page(ledger, at, entries[:half], by=by)
            middle = entries[half - 1]
            self._apply_page(ledger, Checkpoint(middle.revision, middle.id), entries[half:], by=by)

    def _apply(self, wanted: Mapping[UUID, int], rung: Mapping[UUID, Mapping[int, JournalEntry]]) -> bool:
        """Applies a batch; whether the feed could be asked for what did not come with it."""
        with self._database.snapshot() as session:
            checkpoints = self._checkpoints.of(session, wanted)
            parked = self._checkpoints.parked(session, wanted)
        batches: dict[UUID, _Batch] = {}
        feed_answers = True
        for ledger in sorted(wanted):
            at = checkpoints[ledger]
            if ledger in parked or wanted[ledger] <= at.revision:
                continue
            entries = run_from(at, rung.get(ledger, {}))
            if not entries or entries[-1].revision < wanted[ledger]:
                try:
                    entries = self._fetch_for_many(ledger, at, entries) if feed_answers else entries
                except Unavailable:
                    feed_answers = False
            if entries:
                batches[ledger] = _Batch(at, entries)
        if batches:
            self._commit(batches, by="stream")
        return feed_answers

    def _fetch_for_many(self, ledger: UUID, at: Checkpoint, known: list[JournalEntry]) -> list[JournalEntry]:
        """As `_fetch`, for a batch of several ledgers; returns the `known` entries where this ledger's feed is slow."""
        if self.stragglers.hold(ledger):
            return known
        try:
            return self._fetch(ledger, at)
        except TooSlow:
            self.stragglers.add(ledger)
        except Unreadable:
            log.exception("the feed cannot be read; left to the next sweep", extra={"ledger": ledger})
        return known

    def _fetch(self, ledger: UUID, at: Checkpoint, longest: float = TIMEOUT) -> list[JournalEntry]:
        """The entries after a checkpoint; where the journal is not the one we read, it is read from the start."""
        try:
            page = self._feed.page(ledger, at.revision, longest=longest)
        except NotFound:
            return []
        follows = page.entries[0].previous if page.entries else page.tail
        if page.head < at.revision or follows != at.entry_id:
            self.read_anew(ledger, at)
            raise Moved
        return list(page.entries)

    def read_anew(self, ledger: UUID, at: Checkpoint) -> None:
        """Forgets a ledger whose journal is not the one that was read up to there; it is read from the start.

        Sets the ledger aside where the database refuses to delete what was derived of it.
        """
        try:
            forgotten = self._forget(ledger, at)
        except Exception as error:  # noqa: BLE001 - the other ledgers go on
            raise_if_retryable(error)
            self._park(ledger, at.revision, error)
            return
        if forgotten:
            self._rewound(ledger)
            log.warning("journal was rewound; reading it from the start", extra={"ledger": ledger})
            metrics.rebuilds.inc()

    def _forget(self, ledger: UUID, at: Checkpoint) -> bool:
        with self._database.write() as session:
            shelf = self._checkpoints.forget(session, ledger, at)
            if shelf is None:
                return False
            # In this very transaction, however many: a shelf that no checkpoint names would stay for ever.
            while any(self._projection.clear_some(session, shelf).values()):
                pass
            self._projection.forget(session, ledger)
        return True

    def _commit(self, batches: Mapping[UUID, _Batch], *, by: str) -> None:
        with self._database.write() as session:
            shelves = {  # in id order: two batches cannot deadlock
                self._checkpoints.move(session, ledger, batch.start, batch.entries[-1]): batch.entries
                for ledger, batch in batches.items()
            }
            self._projection.project(session, shelves)
            self._projection.moved(session, {ledger: batch.entries[-1].revision for ledger, batch in batches.items()})
        metrics.applied.labels(by).inc(sum(len(batch.entries) for batch in batches.values()))

    def _park(self, ledger: UUID, revision: int, error: Exception) -> None:
        """Sets the ledger aside. Raises Unavailable where our own data may be to blame, and not the journal."""
        if self._database.health.damage:
            raise Unavailable from error
        log.error("entry cannot be applied; ledger set aside", exc_info=error, extra={"ledger": ledger})
        with self._database.write() as session:
            self._checkpoints.park(session, ledger, revision, repr(error))
