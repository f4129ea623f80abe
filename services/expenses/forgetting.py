"""Lets go of the answers that were kept for whoever asks twice."""

from datetime import UTC, datetime, timedelta

from chassis.background import BackgroundWork
from chassis.database import Database, delete, table_of
from services.expenses.models import ReplayRow

KEPT = timedelta(days=7)
"""Longer than any client goes on trying one write."""
EVERY = 3_600.0
"""Seconds between rounds."""


class Forgetting(BackgroundWork):
    """One thread of each instance. Several only find nothing left to delete."""

    def __init__(self, database: Database) -> None:
        super().__init__("forgetting", EVERY)
        self._database = database

    def work(self) -> None:
        """One round, over all ledgers."""
        answers = table_of(ReplayRow)
        with self._database.write() as session:
            delete(session, answers, answers.c.answered_at < datetime.now(UTC) - KEPT)
