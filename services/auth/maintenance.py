"""What has to be done again and again, whoever calls: keys that come and go, rows that are over."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.process.clock import SteadyClock

log = logging.getLogger(__name__)

Chore = Callable[[], None]


class Forgetful(Protocol):
    """Whoever keeps rows that are over some day."""

    def forget_old(self, session: Session) -> None:
        """Deletes those that are."""


class Forgetting:
    """The chore of deleting what is over. No answer depends on it: who reads a row looks at its time as well."""

    def __init__(self, database: Database, keepers: Sequence[Forgetful], steady: SteadyClock) -> None:
        """Nothing is deleted before `steady` trusts the clock: what a wrong clock deletes is lost."""
        self._database = database
        self._keepers = keepers
        self._steady = steady

    def __call__(self) -> None:
        """One round."""
        if not self._steady.is_steady():
            return
        with self._database.write() as session:
            for keeper in self._keepers:
                keeper.forget_old(session)


class Housekeeping:
    """One thread of each instance. Chores are such that several instances only do them twice."""

    def __init__(self, chores: Sequence[Chore], every: timedelta) -> None:
        self._chores = chores
        self._every = every
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)

    def start(self) -> None:
        """Begins with a pause: what a start needs, the start has done."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the chore in hand."""
        self._stopped.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stopped.wait(self._every.total_seconds()):
            for chore in self._chores:
                self._do(chore)

    def _do(self, chore: Chore) -> None:
        try:
            chore()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next round may succeed, and giving up never does
            log.warning("a chore has to wait", extra={"error": repr(error)})
