"""Databases as SQL text: SQLite's own dump, and the tables and rows of PostgreSQL.

They are loaded with all their moments moved to now, so that a session of then has not expired.
"""

import contextlib
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import psycopg2
import sqlalchemy as sa
from psycopg2.extras import Json
from sqlalchemy.schema import CreateIndex, CreateTable

from tests.support.databases import Databases

SERVICES = ("auth", "expenses", "insights")
_MOMENT = "%Y-%m-%d %H:%M:%S.%f"


def dump(url: str) -> str:
    """The whole database."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        with contextlib.closing(sqlite3.connect(str(parsed.database))) as connection:
            return "\n".join(connection.iterdump()) + "\n"
    return _dump_postgresql(url)


def load(databases: Databases, sql: str, older: timedelta) -> str:
    """A fresh database with what was dumped so long ago; its DATABASE_URL."""
    url = databases.fresh()
    if databases.kind == "sqlite":
        _load_sqlite(str(sa.make_url(url).database), sql, older)
    else:
        _load_postgresql(_address(url), sql, older)
    return url


def execute(url: str, statement: str, *values: object) -> None:
    """One statement, written for either database with `?`."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        with contextlib.closing(sqlite3.connect(str(parsed.database))) as file, file:
            file.execute(statement, values)
    else:
        with contextlib.closing(psycopg2.connect(_address(url))) as server, server, server.cursor() as cursor:
            cursor.execute(statement.replace("?", "%s"), values)


def _dump_postgresql(url: str) -> str:
    """Tables as they are found, and their rows. By hand: the wheel's pg_dump is older than its server."""
    engine = sa.create_engine(url)
    found = sa.MetaData()
    found.reflect(engine)
    statements: list[str] = []
    for table in found.sorted_tables:
        statements.append(str(CreateTable(table).compile(engine)).strip())
        statements += [str(CreateIndex(index).compile(engine)) for index in sorted(table.indexes, key=str)]
    with contextlib.closing(psycopg2.connect(_address(url))) as connection, connection.cursor() as cursor:
        for table in found.sorted_tables:
            cursor.execute(f'SELECT * FROM "{table.name}"')  # noqa: S608 - a table that was found
            row = f"({', '.join(['%s'] * len(table.columns))})"
            rows = sorted(cursor.mogrify(row, _plain(values)).decode() for values in cursor.fetchall())
            if rows:
                statements.append(f'INSERT INTO "{table.name}" VALUES\n' + ",\n".join(rows))
    engine.dispose()
    return ";\n".join(statements) + ";\n"


def _address(url: str) -> str:
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _plain(values: tuple[Any, ...]) -> list[Any]:
    """Documents are given back decoded."""
    return [Json(value) if isinstance(value, dict | list) else value for value in values]


def _load_sqlite(path: str, sql: str, older: timedelta) -> None:
    with contextlib.closing(sqlite3.connect(path)) as file:
        file.executescript(sql)
        file.create_function("moved", 1, _mover(older))
        for (table,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = file.execute(f'PRAGMA table_info("{table}")').fetchall()
            for column in [column[1] for column in columns if column[2] in {"DATETIME", "TIMESTAMP"}]:
                file.execute(f'UPDATE "{table}" SET "{column}" = moved("{column}")')  # noqa: S608 - of our own dump
        file.commit()


def _mover(older: timedelta) -> Callable[[str | None], str | None]:
    def moved(text: str | None) -> str | None:
        return text and (datetime.strptime(text, _MOMENT) + older).strftime(_MOMENT)  # noqa: DTZ007 - as SQLite has it

    return moved


def _load_postgresql(address: str, sql: str, older: timedelta) -> None:
    with contextlib.closing(psycopg2.connect(address)) as server, server, server.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type LIKE 'timestamp%'"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'UPDATE public."{table}" SET "{column}" = "{column}" + %s', (older,))  # noqa: S608 - as above
