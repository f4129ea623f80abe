"""Databases for tests: empty ones, or quick copies of one that was prepared (migrated, filled) once."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import sqlalchemy as sa

Prepare = Callable[[str], object]
"""Given a DATABASE_URL, brings that database into the state to copy."""


class Databases(Protocol):
    """One kind of database; `kind` is `sqlite` or `postgresql`."""

    kind: str

    def fresh(self) -> str:
        """The DATABASE_URL of an empty database of the caller's own."""

    def copy_of(self, name: str, prepare: Prepare) -> str:
        """A copy of the database called `name`, which is prepared the first time it is asked for."""

    def duplicate(self, url: str) -> str:
        """A backup of a database that has no open connection."""

    def drop(self, url: str) -> None:
        """Throw one of them away, connections and all."""


class SqliteDatabases:
    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fresh(self) -> str:
        return self._url(uuid4().hex)

    def copy_of(self, name: str, prepare: Prepare) -> str:
        template, copy = self._file(f"template-{name}"), uuid4().hex
        if not template.exists():
            prepare(self._url(template.stem))
        with sqlite3.connect(template) as origin, sqlite3.connect(self._file(copy)) as target:
            origin.backup(target)
        origin.close()
        target.close()
        return self._url(copy)

    def duplicate(self, url: str) -> str:
        copy = uuid4().hex
        with sqlite3.connect(str(sa.make_url(url).database)) as origin, sqlite3.connect(self._file(copy)) as target:
            origin.backup(target)
        origin.close()
        target.close()
        return self._url(copy)

    def drop(self, url: str) -> None:
        for ending in ("", "-wal", "-shm"):
            Path(f"{sa.make_url(url).database}{ending}").unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite"

    def _url(self, name: str) -> str:
        return f"sqlite:///{self._file(name)}"


class PostgresDatabases:
    kind = "postgresql"

    def __init__(self, server: sa.URL) -> None:
        self._server = server
        self._engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        self._templates: set[str] = set()
        # Nothing here outlives the tests, so nothing has to reach the disk.
        self._execute("ALTER SYSTEM SET fsync = off")
        self._execute("SELECT pg_reload_conf()")

    def fresh(self) -> str:
        return self._create(f"test_{uuid4().hex}", template="template0")

    def copy_of(self, name: str, prepare: Prepare) -> str:
        template = f"template_{name}"
        if template not in self._templates:
            prepare(self._create(template, template="template0"))
            self._templates.add(template)
        return self._create(f"test_{uuid4().hex}", template=template)

    def duplicate(self, url: str) -> str:
        return self._create(f"test_{uuid4().hex}", template=str(sa.make_url(url).database))

    def drop(self, url: str) -> None:
        self._execute(f'DROP DATABASE "{sa.make_url(url).database}" WITH (FORCE)')

    def close(self) -> None:
        self._engine.dispose()

    def _create(self, name: str, *, template: str) -> str:
        # A template can be copied only without an open connection.
        self._execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template}'"  # noqa: S608
        )
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _execute(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(sa.text(statement))
