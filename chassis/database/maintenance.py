"""The care that a service takes of its database file, beside its work."""

import contextlib
import sqlite3

from chassis.background.loop import BackgroundWork
from chassis.database.engine import Database
from chassis.database.faults import StorageFault, fault_of
from chassis.database.migration_backups import remove_old_copies

EVERY = 3_600.0
"""Seconds between rounds."""
CHECKED_AT_ONCE = 32 * 1024 * 1024
"""Bytes of a file that is checked before the service serves; a larger one is checked in the background."""


class DatabaseMaintenance(BackgroundWork):
    """One thread of a service: at its start and every hour, checks the file and removes expired copies.

    PostgreSQL checks its pages itself when it reads them, if checksums are on; its errors are noted where they occur.
    """

    def __init__(self, database: Database) -> None:
        super().__init__("database-maintenance", EVERY)
        self._database = database

    def start(self) -> None:
        """Checks a small file at once, so that a damaged one is never called ready."""
        file = self._database.file
        if file and file.exists() and file.stat().st_size <= CHECKED_AT_ONCE:
            check(self._database)
        super().start()

    def work(self) -> None:
        """One round."""
        check(self._database)
        remove_old_copies(self._database)


def check(database: Database) -> None:
    """Looks at every page of an SQLite file, in a read transaction of its own, and notes what is found.

    What PostgreSQL said of its pages is forgotten: where they are damaged still, it says so again.
    """
    file = database.file
    if file is None:
        database.health.checked(None)
        return
    try:
        with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)) as connection:
            found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        if fault_of(error) is not StorageFault.DAMAGED:
            raise  # not known now; the next round tries again
        found = str(error)
    database.health.checked(None if found == "ok" else " ".join(found.replace("***", "").split()))
