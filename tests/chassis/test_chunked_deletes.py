"""Deletes in chunks: only matching rows, a bounded number of them, found by an index."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable

from chassis.database.chunked_deletes import ROWS_AT_ONCE, delete_all, delete_some
from chassis.database.engine import Database

CELLS = sa.Table(
    "cells",
    sa.MetaData(),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("category", sa.Uuid, primary_key=True),
    sa.Column("currency", sa.String(3), primary_key=True),
    sa.Column("ledger", sa.Uuid, primary_key=True),
    sa.Column("generation", sa.BigInteger, primary_key=True),
    sa.Column("at", sa.BigInteger),
)
KEY = ("ledger", "generation", "day", "category", "currency")
"""The order of the database, which is not that of a mapped class whose columns come from a mixin."""
ADA, BOB = UUID(int=1), UUID(int=2)
FIRST = dt.date(2026, 1, 1)
ONE_BUILD = sa.and_(CELLS.c.ledger == ADA, CELLS.c.generation == 2)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Three builds of two ledgers, with two chunks and a half each."""
    database = Database(database_url)
    rows = [
        cell(ledger, generation, number)
        for ledger, generation in ((ADA, 1), (ADA, 2), (BOB, 2))
        for number in range(ROWS_AT_ONCE * 5 // 2)
    ]
    with database.write() as session:
        columns = [sa.Column(column.name, column.type, nullable=False) for column in CELLS.columns]
        session.execute(CreateTable(sa.Table("cells", sa.MetaData(), *columns, sa.PrimaryKeyConstraint(*KEY))))
        session.execute(sa.insert(CELLS), rows)
    yield database
    database.close()


def cell(ledger: UUID, generation: int, number: int) -> dict[str, Any]:
    key = {"ledger": ledger, "generation": generation, "day": FIRST + dt.timedelta(number), "currency": "EUR"}
    return key | {"category": UUID(int=number % 30), "at": number}


def count(database: Database, which: sa.ColumnElement[bool]) -> int:
    with database.snapshot() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(CELLS).where(which)) or 0


@pytest.mark.parametrize("which", [ONE_BUILD, sa.and_(ONE_BUILD, CELLS.c.day >= FIRST), CELLS.c.at % 3 == 0])
def test_only_matching_rows_are_deleted(database: Database, which: sa.ColumnElement[bool]) -> None:
    others = count(database, sa.not_(which))
    matching = count(database, which)

    deleted = delete_all(database, lambda session: delete_some(session, CELLS, which))

    assert (deleted[CELLS.name], count(database, which), count(database, sa.true())) == (matching, 0, others)


def test_a_chunk_is_bounded(database: Database) -> None:
    with database.write() as session:
        assert delete_some(session, CELLS, ONE_BUILD) == {CELLS.name: ROWS_AT_ONCE}


def test_a_condition_on_the_whole_key_needs_no_chunk(database: Database) -> None:
    whole = sa.and_(
        *(column == value for name, value in cell(ADA, 2, 3).items() if (column := CELLS.c[name]).primary_key)
    )
    with database.write() as session:
        assert delete_some(session, CELLS, whole) == {CELLS.name: 1}
        assert delete_some(session, CELLS, whole) == {CELLS.name: 0}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_no_chunk_reads_the_rows_of_other_ledgers(database: Database) -> None:
    """Each chunk read the whole table of day totals, all ledgers' of it: 28 ms instead of 1 for 175,000 rows."""
    with database.write() as session:
        assert not [step for step in plan_of_delete(session, ONE_BUILD) if step.startswith("SCAN")]


def plan_of_delete(session: Session, which: sa.ColumnElement[bool]) -> list[str]:
    statements: list[tuple[str, Any]] = []
    connection = session.connection()

    @sa.event.listens_for(connection.engine, "before_cursor_execute")
    def note(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        statements.append((statement, parameters))

    delete_some(session, CELLS, which)
    sa.event.remove(connection.engine, "before_cursor_execute", note)
    [(statement, parameters)] = statements
    cursor = connection.connection.cursor()
    cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return [str(row[3]) for row in cursor.fetchall()]
