"""Compares the end of every journal with its checkpoint. Needs no Redis."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence

from chassis.database.engine import Database
from chassis.errors import Unavailable
from chassis.journal.continuity import Checkpoint, continues
from chassis.journal.feed import Feed, UpstreamTimeout
from chassis.journal.retryable import raise_if_retryable
from chassis.process import metrics
from chassis.projections.checkpoints import CLOSED, Checkpoints
from chassis.projections.reader import JournalReader
from contracts.ids import LedgerId
from contracts.journal import Head

log = logging.getLogger(__name__)

LEDGER_TIMEOUT = 2.0
"""Seconds that one ledger may take in a sweep; a slower one continues as a straggler."""
MAX_CONSECUTIVE_TIMEOUTS = 3
"""Consecutive ledgers that could not be read in time, after which the other service counts as unavailable."""
LEDGERS_AT_ONCE = 500
"""Ledgers of one query for checkpoints, and of one pipeline to Redis."""


class Sweep:
    """Finds entries whose stream message was lost. Hands slow ledgers over to the reader's stragglers."""

    def __init__(
        self,
        database: Database,
        checkpoints: Checkpoints,
        feed: Feed,
        reader: JournalReader,
        notify_again: Callable[[Mapping[LedgerId, int], Collection[LedgerId]], bool],
    ) -> None:
        """`notify_again` gets the revision of each ledger, and the ledgers that moved since it last succeeded.

        It returns whether it succeeded.
        """
        self._database = database
        self._checkpoints = checkpoints
        self._feed = feed
        self._reader = reader
        self._notify_again = notify_again
        self._notified: set[int] = set()
        """Hashes of the (ledger, revision) pairs that the last sweeps have notified; a few bytes for each ledger."""

    def run(self) -> int:
        """Catches up, and repeats all notifications; returns the number of missing entries. Raises Unavailable."""
        missing = ledgers = slow = 0
        after = None
        notified: set[int] = set()
        while True:
            page = self._feed.heads(after)
            for head in self._behind(page.items):
                try:
                    count = self._catch_up(head)
                    slow = 0 if count else slow  # without missing entries the feed was not used
                except UpstreamTimeout:
                    self._reader.stragglers.add(head.ledger)
                    count, slow = 1, slow + 1
                    if slow >= MAX_CONSECUTIVE_TIMEOUTS:
                        raise Unavailable from None
                missing, ledgers = missing + count, ledgers + bool(count)
            notified |= self._repeat_notifications([head.ledger for head in page.items])
            after = page.next_after
            if after is None:
                break
        self._notified = notified
        metrics.behind.set(missing)
        metrics.ledgers_behind.set(ledgers)
        with self._database.snapshot() as session:
            metrics.parked.set(self._checkpoints.count_parked(session))
        return missing

    def _repeat_notifications(self, ledgers: Sequence[LedgerId]) -> set[int]:
        """Repeats heads, which Redis may have lost, and notifications, which a process may have died before sending.

        Returns the hashes that the next sweep need not repeat.
        """
        notified: set[int] = set()
        for start in range(0, len(ledgers), LEDGERS_AT_ONCE):
            revisions = self._reader.revisions(ledgers[start : start + LEDGERS_AT_ONCE])
            live = {ledger: revision for ledger, revision in revisions.items() if revision < CLOSED.revision}
            changed = [ledger for ledger, revision in live.items() if hash((ledger, revision)) not in self._notified]
            if self._notify_again(live, changed):
                notified.update(map(hash, live.items()))
        return notified

    def _behind(self, heads: Sequence[Head]) -> list[Head]:
        """Returns the heads whose ledgers may miss entries: in most sweeps none. A few queries for a page of heads."""
        behind_heads: list[Head] = []
        with self._database.snapshot() as session:
            for start in range(0, len(heads), LEDGERS_AT_ONCE):
                some = heads[start : start + LEDGERS_AT_ONCE]
                at = self._checkpoints.of(session, [head.ledger for head in some])
                behind = [head for head in some if not _is_caught_up(head, at[head.ledger])]
                parked = self._checkpoints.parked(session, [head.ledger for head in behind]) if behind else {}
                behind_heads.extend(head for head in behind if head.ledger not in parked)
        return behind_heads

    def _catch_up(self, head: Head) -> int:
        """Catches one ledger up; returns how many entries it missed. Raises UpstreamTimeout."""
        with self._database.snapshot() as session:
            at = self._checkpoints.of(session, [head.ledger])[head.ledger]
            if self._checkpoints.parked(session, [head.ledger]):
                return 0
        if _is_caught_up(head, at):
            return 0
        if not self._reader.stragglers.includes(head.ledger):
            try:
                if at.revision >= head.head and not self._restart_if_replaced(head, at):
                    return 0
                if not self._reader.catch_up(head.ledger, head.head, by="sweep", timeout=LEDGER_TIMEOUT).is_complete:
                    self._reader.stragglers.add(head.ledger)
            except Exception as error:
                raise_if_retryable(error)
                log.exception("a ledger cannot be read; the next sweep tries again", extra={"ledger": head.ledger})
        return max(head.head - at.revision, 1)

    def _restart_if_replaced(self, head: Head, at: Checkpoint) -> bool:
        """Restarts the ledger if its journal was replaced; returns whether it did."""
        # The page of heads may be older than the checkpoint; only the feed shows whether the journal was replaced.
        page = self._feed.page(head.ledger, at.revision)
        if continues(at, page):
            return False
        self._reader.applier.restart(head.ledger, at)
        return True


def _is_caught_up(head: Head, at: Checkpoint) -> bool:
    return at in {Checkpoint(head.head, head.tail), CLOSED}
