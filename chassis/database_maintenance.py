"""The care that a service takes of its database file, beside its work."""

from chassis.background import BackgroundWork
from chassis.database import Database
from chassis.migration_copies import remove_old_copies

EVERY = 24 * 3_600.0
"""Seconds between rounds."""


class DatabaseMaintenance(BackgroundWork):
    """One thread of the process that owns the database: at its start and once a day, removes expired copies."""

    def __init__(self, database: Database) -> None:
        super().__init__("database-maintenance", EVERY)
        self._database = database

    def work(self) -> None:
        """One round."""
        remove_old_copies(self._database)
