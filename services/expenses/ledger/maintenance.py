"""Deletes old responses that are stored for idempotency keys."""

from datetime import timedelta
from functools import partial

from chassis.background.loop import BackgroundLoop
from chassis.database.chunked_deletes import delete_all, delete_some
from chassis.database.engine import Database, table_of
from chassis.process.clock import Clock, SteadyClock, utc_now
from services.expenses.ledger.tables import ReplayRow

RETENTION = timedelta(days=7)
"""Longer than any client retries a write."""
INTERVAL = 3_600.0
"""Seconds between rounds."""


class ReplayCleanup(BackgroundLoop):
    """One thread of each instance. Several instances only find nothing to delete."""

    def __init__(self, database: Database, clock: Clock = utc_now, steady: SteadyClock | None = None) -> None:
        super().__init__("forgetting", INTERVAL)
        self._database = database
        self._clock = clock
        self._steady = steady or SteadyClock(clock)

    def work(self) -> None:
        """Runs one round over all ledgers. Deletes nothing while the clock may be wrong."""
        if not self._steady.is_steady():
            return
        answers = table_of(ReplayRow)
        old = answers.c.answered_at < self._clock() - RETENTION
        delete_all(self._database, partial(delete_some, table=answers, which=old))
