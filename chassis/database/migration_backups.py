"""Copies of an SQLite database from before its migrations, stored beside it for a month.

They still hold data that was erased since, so their number and age are limited.
"""

import contextlib
import os
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from chassis.database.engine import Database
from chassis.database.startup import StartupError
from chassis.process.clock import CLOCK_DIFFERENCE

FOLDER = "before-upgrade"
"""Name of the folder beside the database file."""
MAX_COPIES = 2
"""Copies of one database at most; the newest stay."""
MAX_AGE = timedelta(days=30)
_MIN_FREE_BYTES = 16 * 1024 * 1024
"""Bytes that must remain free beside the copy and the migration's own writes."""


class MigrationCopy(NamedTuple):
    """One copy, its schema revision, and when it is deleted at the latest."""

    path: Path
    schema: str
    made_at: datetime
    expires_at: datetime


def list_copies(database: Database) -> list[MigrationCopy]:
    """Returns the copies of this database, newest first; none for PostgreSQL or a database in memory."""
    file = database.file
    if file is None:
        return []
    copies = [_copy(path) for path in (file.parent / FOLDER).glob(f"{file.stem}-*.sqlite")]
    return sorted((copy for copy in copies if copy), key=lambda copy: copy.made_at, reverse=True)


def remove_old_copies(database: Database, now: datetime | None = None) -> int:
    """Deletes all copies but the newest MAX_COPIES, and those older than MAX_AGE; returns their number."""
    now = now or datetime.now(UTC)
    copies = list_copies(database)
    for copy in copies:
        if copy.made_at > now + CLOCK_DIFFERENCE:
            # Made while the clock was ahead: its month starts now at the latest.
            os.utime(copy.path, (now.timestamp(), now.timestamp()))
    removed = [copy for number, copy in enumerate(copies) if number >= MAX_COPIES or copy.expires_at <= now]
    for copy in removed:
        copy.path.unlink(missing_ok=True)
    return len(removed)


def make_copy(database: Database, schema: str) -> Path | None:
    """Copies an SQLite file by VACUUM INTO; returns None without a file. Raises StartupError if that fails.

    The caller holds the database's write lock, so that nothing is written after the copy and before the migration.
    """
    file = database.file
    if file is None:
        return None
    folder = file.parent / FOLDER
    copy = folder / f"{file.stem}-{schema}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.sqlite"
    part = copy.with_suffix(".part")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        for leftover in folder.glob(f"{file.stem}-*.part"):  # of a start that was killed
            leftover.unlink(missing_ok=True)
        _require_space(file, folder)
        _vacuum_into(file, part)
        part.replace(copy)
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise StartupError(_cannot_copy(file, folder, error)) from error
    return copy


def _copy(path: Path) -> MigrationCopy | None:
    try:
        made_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:  # deleted meanwhile
        return None
    return MigrationCopy(path, path.stem.split("-")[-2], made_at, made_at + MAX_AGE)


def _require_space(file: Path, folder: Path) -> None:
    size = sum(part.stat().st_size for part in (file, file.with_name(f"{file.name}-wal")) if part.exists())
    needed, free = 2 * size + _MIN_FREE_BYTES, shutil.disk_usage(folder).free
    if free < needed:
        raise OSError(f"that needs {_megabytes(needed)} of free disk space, and there are {_megabytes(free)}")


def _vacuum_into(file: Path, part: Path) -> None:
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        fault = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if fault != "ok":
            raise sqlite3.DatabaseError(f"it is damaged ({fault.splitlines()[-1]})")
        connection.execute("VACUUM INTO ?", (str(part),))
    part.chmod(0o600)
    with part.open("rb") as written:
        os.fsync(written.fileno())


def _cannot_copy(file: Path, folder: Path, error: Exception) -> str:
    return (
        f"The database {file.name} has to be upgraded, and could not be copied to {folder} first: {error}. "
        "Nothing was changed. Fix that, and start again."
    )


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB"
