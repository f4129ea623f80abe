"""Harm done to a database file, as a bad disk or a copy that broke off does it."""

import contextlib
import os
import sqlite3
from pathlib import Path

import sqlalchemy as sa

SIZE = 64 * 1024


def overwrite(url: str) -> None:
    """Puts 64 KB of anything into the middle of an SQLite file, once all of it is in that file."""
    path = Path(str(sa.make_url(url).database))
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    begin = (path.stat().st_size - SIZE) // 2
    assert begin > 0, "too small to be damaged in the middle alone"
    with path.open("r+b") as file:
        file.seek(begin)
        file.write(os.urandom(SIZE))
        os.fsync(file.fileno())
