"""Background maintenance of a service's database file."""

import contextlib
import sqlite3

from chassis.background.loop import BackgroundLoop
from chassis.database.engine import Database
from chassis.database.faults import StorageFault, fault_of
from chassis.database.migration_backups import remove_old_copies

INTERVAL = 3_600.0
"""Seconds between rounds."""
MAX_CHECKED_AT_START = 32 * 1024 * 1024
"""Largest file in bytes that is checked before the service starts; a larger one is checked in the background."""


class DatabaseMaintenance(BackgroundLoop):
    """One thread of a service: at its start and every hour, checks the file and removes expired copies.

    PostgreSQL checks its pages itself when it reads them, if checksums are on; its errors are recorded as they occur.
    """

    def __init__(self, database: Database) -> None:
        super().__init__("database-maintenance", INTERVAL)
        self._database = database

    def start(self) -> None:
        """Checks a small file at once, so that a damaged one never counts as ready."""
        file = self._database.file
        if file and file.exists() and file.stat().st_size <= MAX_CHECKED_AT_START:
            check(self._database)
        super().start()

    def work(self) -> None:
        """Runs one round."""
        check(self._database)
        remove_old_copies(self._database)


def check(database: Database) -> None:
    """Checks every page of an SQLite file, in a separate read transaction, and records the result.

    For PostgreSQL, clears the recorded damage: if a page is still damaged, the next read of it fails again.
    """
    file = database.file
    if file is None:
        database.health.record_check(None)
        return
    try:
        with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)) as connection:
            message = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        if fault_of(error) is not StorageFault.DAMAGED:
            raise  # not known now; the next round tries again
        message = str(error)
    database.health.record_check(None if message == "ok" else " ".join(message.replace("***", "").split()))
