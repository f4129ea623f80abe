"""Background maintenance, one ledger at a time: rebuilds data of older versions, and audits the rest."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from chassis.background.loop import BackgroundLoop
from chassis.errors import Problem
from chassis.journal.retryable import raise_if_retryable
from chassis.process.clock import SteadyClock, utc_now
from chassis.projections.rebuild import Rebuild
from contracts.ids import LedgerId
from services.insights.projections.audit import Audit

log = logging.getLogger(__name__)

PAUSE = 10.0
"""Seconds between rounds."""
PAUSE_BETWEEN_LEDGERS = 0.1
"""Pause between two ledgers in seconds, so that maintenance never slows down requests."""
BATCH_SIZE = 50
PRUNE_EVERY = 3_600.0
"""Seconds between deletions of old rows: each scans whole tables, for rows that are stored for weeks."""
REST = 600.0
"""Seconds for which a ledger that failed is skipped, since others are due as well."""


class ProjectionMaintenance(BackgroundLoop):
    """One thread of the consumer's process."""

    def __init__(self, rebuild: Rebuild, audit: Audit, prune: Callable[[datetime], object]) -> None:
        """`prune` deletes rows that are past their retention period."""
        super().__init__("projection maintenance", PAUSE, pause_first=True)
        self._rebuild = rebuild
        self._audit = audit
        self._prune = prune
        self._prune_at = 0.0
        self._steady = SteadyClock()
        self._resting: dict[LedgerId, float] = {}
        """Ledgers that failed, and until when they are skipped."""

    def work(self) -> None:
        """Runs one round over the ledgers that are due."""
        if self._steady.is_steady():
            self._rebuild.delete_abandoned(utc_now())
            self._prune_hourly()
        self._each(self._rebuild.outdated, self._rebuild.run)
        self._each(self._audit.due, self._audit.run)

    def _prune_hourly(self) -> None:
        if time.monotonic() >= self._prune_at:
            self._prune(utc_now())
            self._prune_at = time.monotonic() + PRUNE_EVERY

    def _each(self, find: Callable[[int], list[LedgerId]], care: Callable[[LedgerId], object]) -> None:
        self._resting = {ledger: until for ledger, until in self._resting.items() if until > time.monotonic()}
        due = find(BATCH_SIZE + len(self._resting))
        for ledger in [ledger for ledger in due if ledger not in self._resting][:BATCH_SIZE]:
            if self.pause(PAUSE_BETWEEN_LEDGERS):
                return
            try:
                care(ledger)
            except Problem as error:
                log.info("left for a later round", extra={"ledger": ledger, "error": error.detail})
                self._resting[ledger] = time.monotonic() + REST
            except Exception as error:  # an entry that cannot be read, say: the others are cared for all the same
                raise_if_retryable(error)
                log.exception("ledger cannot be cared for", extra={"ledger": ledger})
                self._resting[ledger] = time.monotonic() + REST
