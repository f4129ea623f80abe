"""When a receipt says that it is finished, what was erased is not in the databases' files either."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.database.engine import Database
from chassis.database.migration_backups import FOLDER, MAX_AGE
from chassis.database.purge import copies_until, purge
from chassis.errors import Unavailable
from tests.support.all_services import AllServices, SignedInUser, all_services
from tests.support.auth import PASSWORD
from tests.support.databases import Databases
from tests.support.redis import RedisServer
from tests.support.waiting import until

MARK = "a visit to the quiet clinic"
SUMMARY = "/api/v1/summary?from=2026-01-01&to=2026-12-31"
on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)


@pytest.fixture(scope="module")
def a_town(databases: Databases, shared_redis: RedisServer) -> Iterator[AllServices]:
    with all_services(databases, shared_redis.url) as running:
        yield running


def open_databases(a_town: AllServices) -> list[Database]:
    settings = (a_town.auth_settings, a_town.expenses_settings, a_town.insights_settings)
    return [Database(each.database_url) for each in settings]


def marked_user(a_town: AllServices) -> SignedInUser:
    """A person whose mark is in every service: in the name, in a note, and in a merchant."""
    person = a_town.new_user(MARK)
    for number in range(30):
        person.spend(person.id, note=f"{MARK} {number}", merchant=f"{MARK} {number}")
    assert person.total(person.id)
    return person


def erase(a_town: AllServices, person: SignedInUser) -> Any:
    receipt = person.request("POST", "/auth/erase", {"password": PASSWORD}).body["receipt"]
    a_town.finished(receipt)
    return a_town.receipt(receipt)


def files_with_the_mark(databases: list[Database]) -> list[str]:
    found = []
    for database in databases:
        assert database.file
        for ending in ("", "-wal"):
            path = database.file.with_name(database.file.name + ending)
            if path.exists() and MARK.encode() in path.read_bytes():
                found.append(path.name)
    return found


@on_sqlite
def test_no_file_of_sqlite_holds_what_was_erased(a_town: AllServices) -> None:
    databases = open_databases(a_town)
    person = marked_user(a_town)
    assert len(files_with_the_mark(databases)) >= 3, "it was in all of them"

    erased = erase(a_town, person)

    assert files_with_the_mark(databases) == []
    assert erased["copies_until"] is None
    for database in databases:
        database.close()


@on_sqlite
def test_a_reader_of_old_pages_is_waited_for_and_the_erasure_is_not_confirmed_before(a_town: AllServices) -> None:
    databases = open_databases(a_town)
    book = databases[1]
    person = marked_user(a_town)
    assert book.file
    with closing(sqlite3.connect(book.file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM expenses").fetchone()
        receipt = person.request("POST", "/auth/erase", {"password": PASSWORD}).body["receipt"]
        until(lambda: a_town.receipt(receipt)["parts"][2]["confirmed_at"], what="insights to confirm")
        with pytest.raises(Unavailable):
            purge(book, [])
        assert a_town.receipt(receipt)["finished_at"] is None
        reader.execute("COMMIT")

    a_town.finished(receipt)

    assert files_with_the_mark(databases) == []
    for database in databases:
        database.close()


@on_sqlite
def test_the_receipt_says_when_the_last_copy_from_before_an_upgrade_goes(a_town: AllServices) -> None:
    databases = open_databases(a_town)
    made = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()
    for number, database in enumerate(databases):
        assert database.file
        folder: Path = database.file.parent / FOLDER
        folder.mkdir(exist_ok=True)
        copy = folder / f"{database.file.stem}-0001-20261120T120000Z.sqlite"
        copy.write_bytes(b"")
        os.utime(copy, (made + number * 60, made + number * 60))

    erased = erase(a_town, marked_user(a_town))

    last = datetime.fromtimestamp(made + 120, UTC) + MAX_AGE
    assert datetime.fromisoformat(erased["copies_until"]) == last == copies_until(databases[2])
    for database in databases:
        database.close()


@on_postgresql
def test_postgresql_lets_go_of_the_rows(a_town: AllServices) -> None:
    databases = open_databases(a_town)
    person = marked_user(a_town)

    erased = erase(a_town, person)

    assert erased["copies_until"] is None
    for database, table in zip(databases, ("accounts", "expenses", "payments"), strict=True):
        query = sa.text("SELECT last_vacuum FROM pg_stat_user_tables WHERE relname = :table").bindparams(table=table)

        def vacuumed(database: Database = database, query: sa.TextClause = query) -> Any:
            with database.snapshot() as session:
                return session.execute(query).scalar_one()

        until(vacuumed, what=f"the vacuum of {table}")
        database.close()


@on_postgresql
def test_a_transaction_that_still_sees_them_is_waited_for(a_town: AllServices) -> None:
    book = open_databases(a_town)[1]
    person = marked_user(a_town)
    with book.snapshot() as session:
        session.execute(sa.text("SELECT count(*) FROM expenses"))
        receipt = person.request("POST", "/auth/erase", {"password": PASSWORD}).body["receipt"]
        until(lambda: a_town.receipt(receipt)["parts"][2]["confirmed_at"], what="insights to confirm")
        with pytest.raises(Unavailable):
            purge(book, [])
        assert a_town.receipt(receipt)["finished_at"] is None

    a_town.finished(receipt)
    book.close()
