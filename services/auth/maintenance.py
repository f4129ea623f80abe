"""Periodic maintenance: rotates signing keys, deletes expired rows."""

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
        """Deletes those that are."""


class PruneExpiredRows:
    """The chore of deleting what is over. No answer depends on it: who reads a row looks at its time as well."""

    def __init__(self, database: Database, prunables: Sequence[Prunable], steady: SteadyClock) -> None:
        """Nothing is deleted before `steady` trusts the clock: what a wrong clock deletes is lost."""
        self._database = database
        self._prunables = prunables
        self._steady = steady

    def __call__(self) -> None:
        """One round."""
        if not self._steady.is_steady():
            return
        with self._database.write() as session:
            for keeper in self._prunables:
                keeper.prune(session)


class MaintenanceLoop(BackgroundLoop):
    """One thread of each instance. The jobs are such that several instances only do them twice."""

    def __init__(self, jobs: Sequence[MaintenanceJob], interval: timedelta) -> None:
        """Starts with a pause: what a start needs, the start has done."""
        super().__init__("maintenance", interval.total_seconds(), pause_first=True)
        self._jobs = jobs

    def work(self) -> None:
        """Runs every job, whatever happens to the others."""
        for job in self._jobs:
            _run_job(job)


def _run_job(job: MaintenanceJob) -> None:
    try:
        job()
    except Exception as error:  # noqa: BLE001 - whatever it is, the next round may succeed
        log.warning("a maintenance job has to wait", extra={"error": repr(error)})
