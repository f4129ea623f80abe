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
def services(databases: Databases, shared_redis: RedisServer) -> Iterator[AllServices]:
    with all_services(databases, shared_redis.url) as running:
        yield running


def open_databases(services: AllServices) -> list[Database]:
    settings = (services.auth_settings, services.expenses_settings, services.insights_settings)
    return [Database(each.database_url) for each in settings]


def marked_user(services: AllServices) -> SignedInUser:
    """A person whose mark is in every service: in the name, in a note, and in a merchant."""
    user = services.new_user(MARK)
    for number in range(30):
        user.spend(user.id, note=f"{MARK} {number}", merchant=f"{MARK} {number}")
    assert user.total(user.id)
    return user


def erase(services: AllServices, user: SignedInUser) -> Any:
    receipt = user.request("POST", "/auth/erase", {"password": PASSWORD}).body["receipt"]
    services.finished(receipt)
    return services.receipt(receipt)


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
def test_no_file_of_sqlite_holds_what_was_erased(services: AllServices) -> None:
    databases = open_databases(services)
    user = marked_user(services)
    assert len(files_with_the_mark(databases)) >= 3, "it was in all of them"

    erased = erase(services, user)

    assert files_with_the_mark(databases) == []
    assert erased["copies_until"] is None
    for database in databases:
        database.close()


@on_sqlite
def test_a_reader_of_old_pages_is_waited_for_and_the_erasure_is_not_confirmed_before(services: AllServices) -> None:
    databases = open_databases(services)
    book = databases[1]
    user = marked_user(services)
    assert book.file
    with closing(sqlite3.connect(book.file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM expenses").fetchone()
        receipt = user.request("POST", "/auth/erase", {"password": PASSWORD}).body["receipt"]
        until(lambda: services.receipt(receipt)["parts"][2]["confirmed_at"], what="insights to confirm")
        with pytest.raises(Unavailable):
            purge(book, [])
        assert services.receipt(receipt)["finished_at"] is None
        reader.execute("COMMIT")

    services.finished(receipt)

    assert files_with_the_mark(databases) == []
    for database in databases:
        database.close()


@on_sqlite
def test_the_receipt_says_when_the_last_copy_from_before_an_upgrade_goes(services: AllServices) -> None:
    databases = open_databases(services)
    made = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()
    for number, database in enumerate(databases):
        assert database.file
        folder: Path = database.file.parent / FOLDER
        folder.mkdir(exist_ok=True)
        copy = folder / f"{database.file.stem}-0001-20261120T120000Z.sqlite"
        copy.write_bytes(b"")
        os.utime(copy, (made + number * 60, made + number * 60))

    erased = erase(services, marked_user(services))

    last = datetime.fromtimestamp(made + 120, UTC) + MAX_AGE
    assert datetime.fromisoformat(erased["copies_until"]) == last == copies_until(databases[2])
    for database in databases:
        database.close()


@on_postgresql
def test_postgresql_lets_go_of_the_rows(services: AllServices) -> None:
    databases = open_databases(services)
    user = marked_user(services)

    erased = erase(services, user)

    assert erased["copies_until"] is None
    for database, table in zip(databases, ("accounts", "expenses", "payments"), strict=True):
        query = sa.text("SELECT last_vacuum FROM pg_stat_user_tables WHERE relname = :table").bindparams(table=table)

        def vacuumed(database: Database = database, query: sa.TextClause = query) -> Any:
            with database.snapshot() as session:
                return session.execute(query).scalar_one()

        until(vacuumed, what=f"the vacuum of {table}")
        database.close()


@on_postgresql
def test_a_transaction_that_still_sees_them_is_waited_for(services: AllServices) -> None:
    book = open_databases(services)[1]
    user = marked_user(services)
    with book.snapshot() as session:
        session.execute(sa.text("SELECT count(*) FROM expenses"))
        receipt = user.request("POST", "/auth/erase", {"password": PASSWORD}).body["receipt"]
        until(lambda: services.receipt(receipt)["parts"][2]["confirmed_at"], what="insights to confirm")
        with pytest.raises(Unavailable):
            purge(book, [])
        assert services.receipt(receipt)["finished_at"] is None

    services.finished(receipt)
    book.close()
