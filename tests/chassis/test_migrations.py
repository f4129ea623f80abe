"""A schema that is behind is upgraded once, after a copy; one that is ahead is left alone."""

import contextlib
import logging
import os
import shlex
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from chassis.database import migration_backups, migrations
from chassis.database.engine import Database
from chassis.database.migration_backups import MAX_AGE, list_copies, remove_old_copies
from chassis.database.startup import StartupError
from services.auth.migrations import FOLDER
from tests.support.auth import concurrently

OLD, NEWEST = "0002", migrations.newest(FOLDER)
only_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)


@pytest.fixture
def url(database_url: str, tmp_path: Path) -> str:
    """In a folder of its own, where it is a file: copies are beside it."""
    return f"sqlite:///{tmp_path / 'auth.sqlite'}" if database_url.startswith("sqlite") else database_url


def old(url: str) -> Database:
    """A database as an earlier version left it."""
    database = Database(url)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with database.write() as session:
        config.attributes["connection"] = session.connection()
        command.upgrade(config, OLD)
    return database


def schema(database: Database) -> str:
    with database.snapshot() as session:
        return str(session.scalar(sa.text("SELECT version_num FROM alembic_version")))


def made_newer(database: Database) -> Database:
    migrations.upgrade(database, FOLDER)
    with database.write() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    return database


@only_sqlite
def test_a_file_is_copied_before_it_is_upgraded(url: str) -> None:
    database = old(url)

    migrations.upgrade(database, FOLDER)

    assert schema(database) == NEWEST
    (copy,) = list_copies(database)
    assert (copy.schema, copy.expires_at - copy.made_at) == (OLD, MAX_AGE)
    with contextlib.closing(sqlite3.connect(copy.path)) as before:
        assert before.execute("SELECT version_num FROM alembic_version").fetchone() == (OLD,)
        assert before.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert copy.path.stat().st_mode & 0o077 == 0
    database.close()


@only_sqlite
def test_a_new_file_and_a_current_one_are_not_copied(url: str) -> None:
    database = Database(url)

    migrations.upgrade(database, FOLDER)
    migrations.upgrade(database, FOLDER)

    assert (schema(database), list_copies(database)) == (NEWEST, [])
    database.close()


def test_of_several_that_start_at_once_one_migrates(url: str) -> None:
    old(url).close()
    databases = [Database(url) for _ in range(3)]

    concurrently(*[lambda each=each: migrations.upgrade(each, FOLDER) for each in databases])

    assert {schema(database) for database in databases} == {NEWEST}
    assert len(list_copies(databases[0])) == (1 if databases[0].is_sqlite else 0)
    for database in databases:
        database.close()


@only_sqlite
def test_where_no_copy_can_be_made_nothing_is_migrated(url: str, tmp_path: Path) -> None:
    database = old(url)
    (tmp_path / migration_backups.FOLDER).write_text("in the way", "utf-8")

    with pytest.raises(StartupError, match=r"could not be copied to .* Nothing was changed\."):
        migrations.upgrade(database, FOLDER)

    assert schema(database) == OLD
    database.close()


@only_sqlite
def test_free_space_is_looked_at_first(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = old(url)
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(migration_backups.shutil, "disk_usage", lambda _: usage)  # type: ignore[attr-defined]

    with pytest.raises(StartupError, match=r"needs \d+ MB of free disk space, and there are 1 MB"):
        migrations.upgrade(database, FOLDER)

    assert (schema(database), list((tmp_path / migration_backups.FOLDER).iterdir())) == (OLD, [])
    database.close()


@only_sqlite
def test_a_damaged_file_is_not_migrated(url: str, tmp_path: Path) -> None:
    database = old(url)
    with database.write() as session:
        session.execute(sa.text("CREATE TABLE long AS SELECT hex(randomblob(200000)) AS text"))
    database.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "auth.sqlite")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (tmp_path / "auth.sqlite").open("r+b") as file:
        file.seek(-200_000, os.SEEK_END)
        file.write(os.urandom(65_536))

    with pytest.raises(StartupError, match="it is damaged"):
        migrations.upgrade(database, FOLDER)

    assert schema(database) == OLD
    database.close()


@only_sqlite
def test_the_two_newest_copies_stay_for_a_month(url: str, tmp_path: Path) -> None:
    database = old(url)
    now = datetime.now(UTC)
    folder = tmp_path / migration_backups.FOLDER
    folder.mkdir()
    ages = {"a": timedelta(days=1), "b": timedelta(days=29), "c": timedelta(days=29, hours=1), "d": timedelta(days=31)}
    for name, age in ages.items():
        path = folder / f"auth-000{len(name)}-{name}.sqlite"
        path.write_bytes(b"")
        os.utime(path, ((now - age).timestamp(),) * 2)
    (folder / "expenses-0001-x.sqlite").write_bytes(b"")

    assert remove_old_copies(database, now) == 2
    assert [copy.path.stem[-1] for copy in list_copies(database)] == ["a", "b"]
    assert remove_old_copies(database, now + timedelta(days=30)) == 2
    assert [path.name for path in folder.iterdir()] == ["expenses-0001-x.sqlite"]
    database.close()


@only_sqlite
def test_a_copy_made_while_the_clock_was_ahead_does_not_stay_longer(url: str, tmp_path: Path) -> None:
    database = old(url)
    now = datetime.now(UTC)
    path = tmp_path / migration_backups.FOLDER / "auth-0001-x.sqlite"
    path.parent.mkdir()
    path.write_bytes(b"")
    os.utime(path, ((now + timedelta(days=365)).timestamp(),) * 2)

    assert remove_old_copies(database, now) == 0
    assert list_copies(database)[0].expires_at <= now + MAX_AGE
    assert remove_old_copies(database, now + MAX_AGE) == 1
    database.close()


@only_postgresql
def test_the_log_says_how_to_dump_a_database_without_its_password(url: str, caplog: pytest.LogCaptureFixture) -> None:
    database = old(url)
    secret = sa.make_url(url).set(password="open sesame")
    with caplog.at_level(logging.WARNING, migrations.__name__):
        migrations.upgrade(Database(secret), FOLDER)

    (record,) = [record for record in caplog.records if hasattr(record, "command")]
    program, *options = shlex.split(record.command)
    assert program == "pg_dump"
    assert options[:2] == ["--format=custom", f"--file={secret.database}-{OLD}.dump"]
    assert options[2] == f"--dbname={url.replace('postgresql+psycopg2', 'postgresql').replace(':@', '@')}"
    assert "sesame" not in record.command
    database.close()


def test_a_schema_of_a_newer_version_is_refused_in_a_sentence(url: str) -> None:
    database = made_newer(old(url))

    for ask in (migrations.upgrade, migrations.require_known_schema):
        with pytest.raises(StartupError, match=f"its schema is 9999, this version knows {NEWEST}") as refused:
            ask(database, FOLDER)
        assert ("from before its upgrade" in str(refused.value)) is database.is_sqlite

    assert schema(database) == "9999"
    database.close()
