"""Lets go of the answers that were kept for whoever asks twice."""

from datetime import timedelta
from functools import partial

from chassis.background.loop import BackgroundLoop
from chassis.database.chunked_deletes import delete_all, delete_some
from chassis.database.engine import Database, table_of
from chassis.process.clock import Clock, SteadyClock, utc_now
from services.expenses.tables import ReplayRow

KEPT = timedelta(days=7)
"""Longer than any client goes on trying one write."""
EVERY = 3_600.0
"""Seconds between rounds."""


class Forgetting(BackgroundLoop):
    """One thread of each instance. Several only find nothing left to delete."""

    def __init__(self, database: Database, clock: Clock = utc_now, steady: SteadyClock | None = None) -> None:
        super().__init__("forgetting", EVERY)
        self._database = database
        self._clock = clock
        self._steady = steady or SteadyClock(clock)

    def work(self) -> None:
        """One round, over all ledgers. A clock that may be wrong deletes nothing."""
        if not self._steady.is_steady():
            return
        answers = table_of(ReplayRow)
        old = answers.c.answered_at < self._clock() - KEPT
        delete_all(self._database, partial(delete_some, table=answers, which=old))
