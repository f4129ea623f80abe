"""Applies a journal's entries, however they arrive: by stream, pull-through read or sweep."""

import logging
import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from chassis.background.single_flight import SingleFlight
from chassis.database.engine import Database
from chassis.errors import NotFound, Unavailable
from chassis.journal.continuity import Checkpoint, continues
from chassis.journal.feed import ALL_REVISIONS, TIMEOUT, Feed, UnreadableResponse, UpstreamTimeout
from chassis.journal.retryable import is_retryable, raise_if_retryable
from chassis.projections.applier import EntryApplier, EntryBatch
from chassis.projections.checkpoints import CLOSED, CheckpointMoved, Checkpoints, run_from
from chassis.projections.projection import Projection
from chassis.projections.stragglers import Stragglers
from contracts.ids import LedgerId
from contracts.journal import JournalEntry, StreamMessage

log = logging.getLogger(__name__)

CATCH_UP_TIMEOUT = 2.0
"""Seconds that a waiting read may spend on catching up. Sweep and stream have limits of their own."""


class CatchUpResult(NamedTuple):
    """The revision that a ledger has reached."""

    revision: int
    is_complete: bool
    """Whether that is the requested revision, or the end of the journal."""


class JournalReader:
    """Applies the entries of a journal to a projection.

    `after_commit` gets the revision of each ledger in a batch, applied or duplicate, unless it is closed.
    `on_history_replaced` gets a ledger whose journal is not the one that was read, as after a restored backup.
    """

    def __init__(
        self,
        database: Database,
        checkpoints: Checkpoints,
        feed: Feed,
        projection: Projection,
        after_commit: Callable[[Mapping[LedgerId, int]], None],
        on_history_replaced: Callable[[LedgerId], None],
    ) -> None:
        self._database = database
        self._checkpoints = checkpoints
        self._feed = feed
        self._after_commit = after_commit
        self.applier = EntryApplier(database, checkpoints, projection, on_history_replaced)
        self.stragglers = Stragglers(self._apply_straggler_page)
        """Started only by processes that read the stream or sweep."""
        self._flights = SingleFlight()

    def apply_messages(self, messages: Sequence[StreamMessage]) -> bool:
        """Applies a batch of stream messages; returns False if part of it is left to a sweep (feed unavailable).

        Raises retryable database errors: the same batch can be tried again.
        """
        required: dict[LedgerId, int] = {}
        received: dict[LedgerId, dict[int, JournalEntry]] = defaultdict(dict)
        for message in messages:
            required[message.ledger] = max(required.get(message.ledger, 0), message.revision)
            if message.entry:
                received[message.ledger][message.revision] = message.entry
        complete = True
        try:
            complete = self._apply(required, received)
        except Exception as error:  # noqa: BLE001 - one ledger's error must not hold up the others
            raise_if_retryable(error)
            for ledger in sorted(required):
                complete = self._apply_ledger(ledger, required[ledger]) and complete
        self._notify(self.revisions(required))
        return complete

    def _apply_ledger(self, ledger: LedgerId, revision: int) -> bool:
        try:
            self._catch_up(ledger, revision, by="stream")
        except UpstreamTimeout:
            self.stragglers.add(ledger)
        except Exception as error:
            if isinstance(error, Unavailable) and is_retryable(error):
                return False
            raise_if_retryable(error)
            log.exception("a ledger cannot be read; the next sweep tries again", extra={"ledger": ledger})
        return True

    def catch_up(self, ledger: LedgerId, revision: int, *, by: str, timeout: float = CATCH_UP_TIMEOUT) -> CatchUpResult:
        """Brings a ledger to a revision if `timeout` seconds suffice. Raises Unavailable or a transient error."""
        deadline = time.monotonic() + timeout
        with self._flights.acquire(ledger, timeout) as acquired:  # threads that waited find it done
            end = acquired and self._catch_up(ledger, revision, by=by, deadline=deadline)
        revisions = self.revisions([ledger])
        self._notify(revisions)
        return CatchUpResult(revisions[ledger], end)

    def revisions(self, ledgers: Iterable[LedgerId]) -> dict[LedgerId, int]:
        """The revision that each ledger has reached."""
        with self._database.snapshot() as session:
            return {ledger: at.revision for ledger, at in self._checkpoints.of(session, ledgers).items()}

    def _notify(self, revisions: Mapping[LedgerId, int]) -> None:
        self._after_commit({ledger: revision for ledger, revision in revisions.items() if revision < CLOSED.revision})

    def _catch_up(self, ledger: LedgerId, revision: int, *, by: str, deadline: float = math.inf) -> bool:
        """Applies the missing entries of one ledger, page by page.

        Returns whether it reached the revision or the end of the journal.
        """
        while time.monotonic() < deadline:
            if (end := self._next_page(ledger, revision, by=by)) is not None:
                return end
        return False

    def _next_page(self, ledger: LedgerId, revision: int, *, by: str, timeout: float = TIMEOUT) -> bool | None:
        """Applies one page, which may take `timeout` seconds; as `_catch_up`, but None if there may be more."""
        with self._database.snapshot() as session:
            at = self._checkpoints.of(session, [ledger])[ledger]
            if at.revision >= revision:
                return True
            if self._checkpoints.parked(session, [ledger]):
                return False
        with suppress(CheckpointMoved):
            entries = self._fetch(ledger, at, timeout)
            if not entries:
                return True
            self.applier.apply_or_park(ledger, EntryBatch(at, entries), by=by)
        return None

    def _apply_straggler_page(self, ledger: LedgerId) -> bool:
        """Applies one page of a slow ledger; returns whether it is caught up or parked."""
        done = self._next_page(ledger, ALL_REVISIONS, by="sweep", timeout=Feed.MAX_TIMEOUT) is not None
        self._notify(self.revisions([ledger]))
        return done

    def _apply(self, required: Mapping[LedgerId, int], received: Mapping[LedgerId, Mapping[int, JournalEntry]]) -> bool:
        """Applies a batch; returns whether the feed was available for entries that the messages did not hold."""
        with self._database.snapshot() as session:
            checkpoints = self._checkpoints.of(session, required)
            parked = self._checkpoints.parked(session, required)
        batches: dict[LedgerId, EntryBatch] = {}
        feed_answers = True
        for ledger in sorted(required):
            at = checkpoints[ledger]
            if ledger in parked or required[ledger] <= at.revision:
                continue
            entries = run_from(at, received.get(ledger, {}))
            if not entries or entries[-1].revision < required[ledger]:
                try:
                    entries = self._fetch_for_many(ledger, at, entries) if feed_answers else entries
                except Unavailable:
                    feed_answers = False
            if entries:
                batches[ledger] = EntryBatch(at, entries)
        if batches:
            self.applier.apply(batches, by="stream")
        return feed_answers

    def _fetch_for_many(self, ledger: LedgerId, at: Checkpoint, known: list[JournalEntry]) -> list[JournalEntry]:
        """Like `_fetch`, for a batch of several ledgers; returns the `known` entries if this ledger's feed is slow."""
        if self.stragglers.includes(ledger):
            return known
        try:
            return self._fetch(ledger, at)
        except UpstreamTimeout:
            self.stragglers.add(ledger)
        except UnreadableResponse:
            log.exception("the feed cannot be read; the next sweep tries again", extra={"ledger": ledger})
        return known

    def _fetch(self, ledger: LedgerId, at: Checkpoint, timeout: float = TIMEOUT) -> list[JournalEntry]:
        """Returns the entries after a checkpoint. Restarts the ledger if its journal was replaced."""
        try:
            page = self._feed.page(ledger, at.revision, max_timeout=timeout)
        except NotFound:
            return []
        if not continues(at, page):
            self.applier.restart(ledger, at)
            raise CheckpointMoved
        return list(page.entries)
