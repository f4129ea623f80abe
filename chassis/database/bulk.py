"""Bulk inserts that merge with existing rows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database.engine import insert_for

Rows = Sequence[Mapping[str, Any]]
Merge = Callable[[Any], Mapping[str, Any]]
"""Returns the new values of an existing row, given the inserted row (`excluded`)."""

ROWS_AT_ONCE = 5_000
"""Rows of one statement on PostgreSQL."""


def upsert(session: Session, table: sa.Table, rows: Rows, key: Sequence[str], merge: Merge) -> None:
    """Inserts rows of one shape, each key once; merges with rows whose key exists.

    SQLite gets them one by one, with one compiled statement. PostgreSQL gets arrays of columns and unnests them:
    16 µs a row, where the driver's pages of values take 45.
    """
    insert = insert_for(session, table)
    merging = {"index_elements": list(key), "set_": merge(insert.excluded)}
    if session.get_bind().dialect.name == "sqlite":
        if rows:
            session.execute(insert.on_conflict_do_update(**merging), list(rows))
        return
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[start : start + ROWS_AT_ONCE]
        session.execute(insert.from_select(list(some[0]), _unnested(table, some)).on_conflict_do_update(**merging))


def _unnested(table: sa.Table, rows: Rows) -> sa.Select[Any]:
    names = list(rows[0])
    arrays = [_array([row[name] for row in rows], table.c[name].type) for name in names]
    given = sa.func.unnest(*arrays).table_valued(*names).render_derived()
    return sa.select(*(given.c[name] for name in names))


def _array(values: list[Any], kind: sa.types.TypeEngine[Any]) -> sa.Cast[Any]:
    return sa.cast(sa.literal(values, sa.ARRAY(kind)), sa.ARRAY(kind))
