"""Periodic maintenance: rotates signing keys, deletes expired rows."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

from sqlalchemy.orm import Session

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


class MaintenanceLoop:
    """One thread of each instance. Chores are such that several instances only do them twice."""

    def __init__(self, jobs: Sequence[MaintenanceJob], interval: timedelta) -> None:
        self._jobs = jobs
        self._interval = interval
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="maintenance", daemon=True)

    def start(self) -> None:
        """Begins with a pause: what a start needs, the start has done."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the chore in hand."""
        self._stopped.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stopped.wait(self._interval.total_seconds()):
            for chore in self._jobs:
                self._run_job(chore)

    def _run_job(self, chore: MaintenanceJob) -> None:
        try:
            chore()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next round may succeed, and giving up never does
            log.warning("a chore has to wait", extra={"error": repr(error)})
