"""Deletes many rows in short transactions: SQLite has one writer, and other requests write in between."""

import time
from collections import Counter
from collections.abc import Callable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database.engine import Database, delete

ROWS_AT_ONCE = 500
PAUSE = 0.002
"""Seconds between two transactions, in which a waiting transaction takes SQLite's write lock."""

Chunk = Callable[[Session], Mapping[str, int]]
"""Deletes a few rows; how many of which table, none where nothing is left."""


def delete_some(session: Session, table: sa.Table, which: sa.ColumnElement[bool]) -> dict[str, int]:
    """One chunk of the rows of a table."""
    key = sa.tuple_(*table.primary_key.columns)
    some = sa.select(*table.primary_key.columns).where(which).limit(ROWS_AT_ONCE)
    return {table.name: delete(session, table, key.in_(some))}


def delete_all(database: Database, chunk: Chunk, *, lasting: bool = True) -> Counter[str]:
    """Runs a chunk, each time in a transaction of its own, until nothing is left; how many rows of which table."""
    total: Counter[str] = Counter()
    while True:
        with database.write(lasting=lasting) as session:
            deleted = chunk(session)
        if not any(deleted.values()):
            return total
        total.update(deleted)
        time.sleep(PAUSE)
