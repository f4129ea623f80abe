"""Brings a database to the newest schema. Alembic is imported only where the schema is behind."""

import logging
import re
import shlex
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.database.migration_backups import list_copies, make_copy
from chassis.database.startup import StartupError

log = logging.getLogger(__name__)

_ADVISORY_LOCK = 0x0D7_1A7
"""Of several instances that start together one migrates and the others wait."""
MIGRATION_TIMEOUT = 600
"""Seconds that they wait."""


def upgrade(database: Database, folder: Path) -> None:
    """Runs the missing migrations of `folder`, an Alembic script directory.

    Copies an SQLite database first. Raises StartupError, without a change, if that fails or if the schema is newer
    than this code.
    """
    with database.engine.connect() as connection:
        if not _is_behind(database, _current(connection), folder):
            return
    migrating = Database(database.url, busy=MIGRATION_TIMEOUT)
    try:
        with migrating.write() as session:
            _lock(migrating, session)
            current = _current(session.connection())  # another instance may have been faster
            if _is_behind(database, current, folder):
                _back_up(migrating, current)
                _migrate(session, folder)
                log.info("schema upgraded", extra={"revision": newest(folder)})
    finally:
        migrating.close()


def require_known_schema(database: Database, folder: Path) -> None:
    """For a process that does not migrate. Raises StartupError if the schema is newer than this code."""
    with database.engine.connect() as connection:
        _is_behind(database, _current(connection), folder)


def newest(folder: Path) -> str:
    """Returns the newest revision: names of files in `versions/` begin with it."""
    return max(_known(folder))


def run(metadata: sa.MetaData) -> None:
    """Body of a service's `migrations/env.py`: migrates inside the transaction that `upgrade` holds."""
    from alembic import context  # noqa: PLC0415 - as in _migrate

    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


def _known(folder: Path) -> set[str]:
    return {match[1] for path in (folder / "versions").glob("*.py") if (match := re.match(r"(\d{4})_", path.name))}


def _current(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _is_behind(database: Database, current: str | None, folder: Path) -> bool:
    if current is None:
        return True
    if current not in _known(folder):
        raise StartupError(_newer(database, folder.parent.name, current, newest(folder)))
    return current != newest(folder)


def _newer(database: Database, service: str, current: str, known: str) -> str:
    usable = [copy for copy in list_copies(database) if copy.schema <= known]
    copy = (
        f", or stop everything and put the copy from before its upgrade in its place: {usable[0].path}"
        if usable
        else ""
    )
    return (
        f"The database of {service} was upgraded by a newer version of Outlay (its schema is {current}, this version "
        f"knows {known}), so this version does not touch it. Start the newer version again{copy}."
    )


def _lock(database: Database, session: Session) -> None:
    """SQLite's writers exclude each other anyway."""
    if database.is_sqlite:
        return
    session.execute(sa.text(f"SET LOCAL lock_timeout = '{MIGRATION_TIMEOUT}s'"))
    session.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    session.execute(sa.text("SET LOCAL lock_timeout = '10s'"))


def _back_up(database: Database, current: str | None) -> None:
    if current is None:
        return  # the database is empty
    if database.is_sqlite:
        copy = make_copy(database, current)
        log.info("database copied before its upgrade", extra={"copy": str(copy)})
    else:
        command = _pg_dump(database, current)
        log.warning("a database is upgraded; to be able to go back, dump it before", extra={"command": command})


def _pg_dump(database: Database, current: str) -> str:
    """The command, without the password: pg_dump asks for it, or reads PGPASSWORD."""
    query = {name: value for name, value in database.url.query.items() if "password" not in name}
    url = sa.URL.create(
        "postgresql",
        username=database.url.username,
        host=database.url.host,
        port=database.url.port,
        database=database.url.database,
        query=query,
    )
    file = f"{database.url.database}-{current}.dump"
    return shlex.join(["pg_dump", "--format=custom", f"--file={file}", f"--dbname={url.render_as_string()}"])


def _migrate(session: Session, folder: Path) -> None:
    from alembic import command  # noqa: PLC0415 - 40 ms and 10 MB that a start with a current schema saves
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["connection"] = session.connection()
    command.upgrade(config, "head")
