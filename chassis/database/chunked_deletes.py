"""Deletes many rows in short transactions, so that other requests can use SQLite's one writer in between."""

import time
from collections import Counter
from collections.abc import Callable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors

from chassis.database.engine import Database, delete

ROWS_AT_ONCE = 500
PAUSE = 0.002
"""Seconds between two transactions, in which a waiting transaction takes SQLite's write lock."""

Chunk = Callable[[Session], Mapping[str, int]]
"""Deletes a few rows; returns their number by table, none when nothing remains."""


def delete_some(session: Session, table: sa.Table, which: sa.ColumnElement[bool]) -> dict[str, int]:
    """Deletes one chunk of a table's matching rows; returns their number by table.

    The chunk is named by the key columns that the condition leaves open: given a whole key of texts and a date, SQLite
    uses no index, and reads all rows of the table for each chunk.
    """
    in_condition = set(visitors.iterate(which))
    open_columns = [column for column in table.primary_key.columns if column not in in_condition]
    if not open_columns:
        return {table.name: delete(session, table, which)}
    key = sa.tuple_(*open_columns) if len(open_columns) > 1 else open_columns[0]
    chunk = sa.select(*open_columns).where(which).limit(ROWS_AT_ONCE)
    return {table.name: delete(session, table, sa.and_(which, key.in_(chunk)))}


def delete_all(database: Database, chunk: Chunk, *, durable: bool = True) -> Counter[str]:
    """Runs a chunk, each time in its own transaction, until nothing remains; returns the number of rows by table."""
    total: Counter[str] = Counter()
    while True:
        with database.write(durable=durable) as session:
            deleted = chunk(session)
        if not any(deleted.values()):
            return total
        total.update(deleted)
        time.sleep(PAUSE)
