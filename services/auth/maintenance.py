"""Periodic maintenance: rotates signing keys, and deletes expired rows."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from chassis.background.loop import BackgroundLoop
from chassis.database.engine import Database
from chassis.process.clock import SteadyClock

log = logging.getLogger(__name__)

MaintenanceJob = Callable[[], None]


class Prunable(Protocol):
    """A component with rows that expire."""

    def prune(self, session: Session) -> None:
        """Deletes expired rows."""


class PruneExpiredRows:
    """The job that deletes expired rows. Nothing relies on it: readers check the expiry themselves."""

    def __init__(self, database: Database, prunables: Sequence[Prunable], steady: SteadyClock) -> None:
        """Deletes nothing until `steady` trusts the clock, since rows deleted by a wrong clock are lost."""
        self._database = database
        self._prunables = prunables
        self._steady = steady

    def __call__(self) -> None:
        """Runs the job once."""
        if not self._steady.is_steady():
            return
        with self._database.write() as session:
            for prunable in self._prunables:
                prunable.prune(session)


class MaintenanceLoop(BackgroundLoop):
    """One thread in each instance. All jobs are idempotent, so several instances may run them."""

    def __init__(self, jobs: Sequence[MaintenanceJob], interval: timedelta) -> None:
        """Starts with a pause, since the start of the service has done the first round."""
        super().__init__("maintenance", interval.total_seconds(), pause_first=True)
        self._jobs = jobs

    def work(self) -> None:
        """Runs every job, whatever happens to the others."""
        for job in self._jobs:
            _run_job(job)


def _run_job(job: MaintenanceJob) -> None:
    try:
        job()
    except Exception as error:  # noqa: BLE001 - any failure: the next round may succeed
        log.warning("a maintenance job failed and will be repeated", extra={"error": repr(error)})
