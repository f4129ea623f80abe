"""The sweep compares the end of every journal with its checkpoint, and needs no Redis for it."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from uuid import UUID

from chassis.database.engine import Database
from chassis.errors import Unavailable
from chassis.journal.feed import Feed, TooSlow
from chassis.journal.retryable import raise_if_retryable
from chassis.process import metrics
from chassis.projections.checkpoints import CLOSED, Checkpoint, Checkpoints
from chassis.projections.reader import Reader
from contracts.journal import Head

log = logging.getLogger(__name__)

SHARE = 2.0
"""Seconds of one ledger in a sweep; one that needs more goes on beside it."""
SLOW_IN_A_ROW = 3
"""Ledgers that could not be read in time one after the other: then it is the other service that hangs."""
TOLD_AT_ONCE = 500
"""Ledgers of one query for checkpoints, and of one pipeline to Redis."""


class Sweep:
    """Finds entries whose announcement was lost. A slow ledger is handed over to the reader's stragglers."""

    def __init__(
        self,
        database: Database,
        checkpoints: Checkpoints,
        feed: Feed,
        reader: Reader,
        told_again: Callable[[Mapping[UUID, int], Collection[UUID]], bool],
    ) -> None:
        """`told_again` gets the revision that each ledger has reached, and which ones have since it last succeeded.

        It returns whether it succeeded.
        """
        self._database = database
        self._checkpoints = checkpoints
        self._feed = feed
        self._reader = reader
        self._told_again = told_again
        self._told: set[int] = set()
        """Hashes of (ledger, revision) of which the last sweeps have told; a few bytes for each ledger."""

    def run(self) -> int:
        """Catches up, and repeats all revisions; returns the number of missing entries. Raises Unavailable."""
        missing = ledgers = slow = 0
        after = None
        told: set[int] = set()
        while True:
            page = self._feed.heads(after)
            for head in self._behind(page.items):
                try:
                    count = self._mend(head)
                    slow = 0 if count else slow  # where nothing was missing the feed was not asked
                except TooSlow:
                    self._reader.stragglers.add(head.ledger)
                    count, slow = 1, slow + 1
                    if slow >= SLOW_IN_A_ROW:
                        raise Unavailable from None
                missing, ledgers = missing + count, ledgers + bool(count)
            told |= self._tell_again([head.ledger for head in page.items])
            after = page.next_after
            if after is None:
                break
        self._told = told
        metrics.behind.set(missing)
        metrics.ledgers_behind.set(ledgers)
        with self._database.snapshot() as session:
            metrics.parked.set(self._checkpoints.count_parked(session))
        return missing

    def _tell_again(self, ledgers: Sequence[UUID]) -> set[int]:
        """Repeats heads, which Redis may have lost, and tells of changes: a process may have died before it did.

        Returns what need not be told of by the next sweep.
        """
        told: set[int] = set()
        for start in range(0, len(ledgers), TOLD_AT_ONCE):
            reached = self._reader.reached(ledgers[start : start + TOLD_AT_ONCE])
            live = {ledger: revision for ledger, revision in reached.items() if revision < CLOSED.revision}
            changed = [ledger for ledger, revision in live.items() if hash((ledger, revision)) not in self._told]
            if self._told_again(live, changed):
                told.update(map(hash, live.items()))
        return told

    def _behind(self, heads: Sequence[Head]) -> list[Head]:
        """The heads whose ledgers may have missed entries: in most sweeps none, found by a few queries for a page."""
        found: list[Head] = []
        with self._database.snapshot() as session:
            for start in range(0, len(heads), TOLD_AT_ONCE):
                some = heads[start : start + TOLD_AT_ONCE]
                at = self._checkpoints.of(session, [head.ledger for head in some])
                behind = [head for head in some if not _is_level(head, at[head.ledger])]
                parked = self._checkpoints.parked(session, [head.ledger for head in behind]) if behind else {}
                found.extend(head for head in behind if head.ledger not in parked)
        return found

    def _mend(self, head: Head) -> int:
        """How many entries a ledger missed. Raises TooSlow."""
        with self._database.snapshot() as session:
            at = self._checkpoints.of(session, [head.ledger])[head.ledger]
            if self._checkpoints.parked(session, [head.ledger]):
                return 0
        if _is_level(head, at):
            return 0
        if not self._reader.stragglers.hold(head.ledger):
            try:
                if at.revision >= head.head and not self._read_anew(head, at):
                    return 0
                if not self._reader.catch_up(head.ledger, head.head, by="sweep", patience=SHARE).end:
                    self._reader.stragglers.add(head.ledger)
            except Exception as error:
                raise_if_retryable(error)
                log.exception("a ledger cannot be read; left to the next sweep", extra={"ledger": head.ledger})
        return max(head.head - at.revision, 1)

    def _read_anew(self, head: Head, at: Checkpoint) -> bool:
        """Whether the ledger is to be read from the start: its journal is not the one that was read."""
        # The page may be older than the checkpoint; only the feed itself can tell a rewound journal.
        page = self._feed.page(head.ledger, at.revision)
        if page.head > at.revision or Checkpoint(page.head, page.tail) == at:
            return False
        self._reader.read_anew(head.ledger, at)
        return True


def _is_level(head: Head, at: Checkpoint) -> bool:
    return at in {Checkpoint(head.head, head.tail), CLOSED}
