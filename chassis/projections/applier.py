"""Writes entries into a projection, and moves checkpoints in the same transaction."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from chassis.database.engine import Database
from chassis.errors import Unavailable
from chassis.journal.continuity import Checkpoint
from chassis.journal.retryable import raise_if_retryable
from chassis.process import metrics
from chassis.projections.checkpoints import CheckpointMoved, Checkpoints
from chassis.projections.projection import Projection
from contracts.ids import LedgerId
from contracts.journal import JournalEntry

log = logging.getLogger(__name__)


class EntryBatch(NamedTuple):
    """Entries of one ledger, and the checkpoint after which they begin."""

    start: Checkpoint
    entries: Sequence[JournalEntry]

    @property
    def revision(self) -> int:
        """The revision of the last entry."""
        return self.entries[-1].revision


class EntryApplier:
    """Applies batches, parks a ledger whose entry cannot be applied, restarts one whose journal was replaced."""

    def __init__(
        self,
        database: Database,
        checkpoints: Checkpoints,
        projection: Projection,
        on_history_replaced: Callable[[LedgerId], None],
    ) -> None:
        self._database = database
        self._checkpoints = checkpoints
        self._projection = projection
        self._on_history_replaced = on_history_replaced

    def apply(self, batches: Mapping[LedgerId, EntryBatch], *, by: str) -> None:
        """Applies batches in one transaction. Raises CheckpointMoved, and any error of the projection.

        `batches` are in the order of ledger ids, so that two transactions cannot deadlock.
        """
        with self._database.write() as session:
            builds = {
                self._checkpoints.move(session, ledger, batch.start, batch.entries[-1]): batch.entries
                for ledger, batch in batches.items()
            }
            self._projection.project(session, builds)
            self._projection.advanced(session, {ledger: batch.revision for ledger, batch in batches.items()})
        metrics.applied.labels(by).inc(sum(len(batch.entries) for batch in batches.values()))

    def apply_or_park(self, ledger: LedgerId, batch: EntryBatch, *, by: str) -> None:
        """Applies a batch of one ledger; after a permanent error, applies its parts, and parks at the failing entry.

        Raises CheckpointMoved and retryable errors.
        """
        try:
            self.apply({ledger: batch}, by=by)
        except CheckpointMoved:
            raise
        except Exception as error:  # noqa: BLE001 - a retryable one is raised again
            raise_if_retryable(error)
            if len(batch.entries) == 1:
                self._park(ledger, batch.revision, error)
                return
            half = len(batch.entries) // 2
            first, middle = batch.entries[:half], batch.entries[half - 1]
            self.apply_or_park(ledger, EntryBatch(batch.start, first), by=by)
            rest = EntryBatch(Checkpoint(middle.revision, middle.id), batch.entries[half:])
            self.apply_or_park(ledger, rest, by=by)

    def restart(self, ledger: LedgerId, checkpoint: Checkpoint) -> None:
        """Resets a ledger whose journal was replaced, so that it is read from the start.

        Parks the ledger if the database refuses to delete its derived rows.
        """
        try:
            was_reset = self._reset(ledger, checkpoint)
        except Exception as error:  # noqa: BLE001 - one ledger's error must not hold up the others
            raise_if_retryable(error)
            self._park(ledger, checkpoint.revision, error)
            return
        if was_reset:
            self._on_history_replaced(ledger)
            log.warning("journal was replaced; reading it from the start", extra={"ledger": ledger})
            metrics.rebuilds.inc()

    def _reset(self, ledger: LedgerId, checkpoint: Checkpoint) -> bool:
        with self._database.write() as session:
            build = self._checkpoints.reset(session, ledger, checkpoint)
            if build is None:
                return False
            # In the same transaction, however many rows: a build without a checkpoint would never be deleted.
            while any(self._projection.clear_some(session, build).values()):
                pass
            self._projection.reset(session, ledger)
        return True

    def _park(self, ledger: LedgerId, revision: int, error: Exception) -> None:
        """Parks the ledger. Raises Unavailable if our own database is damaged: the journal may be fine."""
        if self._database.health.damage:
            raise Unavailable from error
        log.error("entry cannot be applied; ledger parked", exc_info=error, extra={"ledger": ledger})
        with self._database.write() as session:
            self._checkpoints.park(session, ledger, revision, repr(error))
