"""Removes the bytes of deleted rows from a database's files.

Queries no longer see a deleted row, but its bytes remain. SQLite overwrites them with zeros (`secure_delete`), and its
write-ahead log has the old pages until it is checkpointed and truncated. PostgreSQL removes old versions of rows at a
VACUUM; space inside a page that still holds other rows is overwritten when it is used again.
"""

import sqlite3
import threading
import time
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from chassis.database.engine import Database
from chassis.database.migration_backups import list_copies
from chassis.errors import Unavailable

_BUSY_TIMEOUT = 1.0
"""Seconds to wait for readers of old pages; writers wait meanwhile."""
_one_at_a_time = threading.Lock()
_NOW = sa.text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
_OLDER_SNAPSHOTS = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND age(backend_xmin) > age(CAST(CAST(:now AS text) AS xid))"
)
"""Counts transactions that still see deleted rows: a VACUUM has to leave those rows."""


def purge(database: Database, tables: Iterable[sa.Table]) -> None:
    """Purges after a commit that deleted rows.

    Raises Unavailable if it has to be tried again, for example because a reader still needs the old pages.
    """
    if database.file is not None:
        _truncate_log(database.file)
    elif not database.is_sqlite:
        try:
            _vacuum(database, tables)
        except DBAPIError as error:
            raise Unavailable from error


def copies_until(database: Database) -> datetime | None:
    """Returns when the last copy from before an upgrade is deleted; it may hold deleted rows. None without a copy."""
    return max((copy.expires_at for copy in list_copies(database)), default=None)


def _vacuum(database: Database, tables: Iterable[sa.Table]) -> None:
    names = ", ".join(f'"{table.name}"' for table in tables)
    deadline = time.monotonic() + _BUSY_TIMEOUT
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        now = connection.execute(_NOW).scalar_one()
        while connection.execute(_OLDER_SNAPSHOTS, {"now": str(now % 2**32)}).scalar_one():
            if time.monotonic() > deadline:
                raise Unavailable
            time.sleep(0.02)
        connection.exec_driver_sql(f"VACUUM {names}")


def _truncate_log(file: Path) -> None:
    deadline = time.monotonic() + _BUSY_TIMEOUT
    with _one_at_a_time, closing(sqlite3.connect(file, timeout=_BUSY_TIMEOUT, isolation_level=None)) as connection:
        while not _is_truncated(connection):
            # SQLite waits for readers by itself, but not for a checkpoint of another connection.
            if time.monotonic() > deadline:
                raise Unavailable
            time.sleep(0.02)


def _is_truncated(connection: sqlite3.Connection) -> bool:
    try:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    return not busy
