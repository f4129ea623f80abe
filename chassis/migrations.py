"""Brings a database to the newest schema. Alembic is imported only where the schema is behind."""

import logging
import re
from pathlib import Path

import sqlalchemy as sa

from chassis.database import Database

log = logging.getLogger(__name__)

_ADVISORY_LOCK = 0x0D7_1A7
"""One of several instances that start together migrates; the others wait for it."""


def upgrade(database: Database, folder: Path) -> None:
    """Runs the migrations in `folder` (an Alembic script directory) that are missing."""
    wanted = newest(folder)
    if _current(database) == wanted:
        return
    from alembic import command  # noqa: PLC0415 - 40 ms and 10 MB that a start with a current schema saves
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(folder))
    with database.write() as session:
        connection = session.connection()
        if not database.is_sqlite:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    log.info("schema upgraded", extra={"revision": wanted})


def newest(folder: Path) -> str:
    """The newest revision: files in `versions/` begin with their number."""
    return max(match[1] for path in (folder / "versions").glob("*.py") if (match := re.match(r"(\d{4})_", path.name)))


def _current(database: Database) -> str | None:
    with database.engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def run(metadata: sa.MetaData) -> None:
    """What a service's `migrations/env.py` does: migrate inside the transaction that `upgrade` holds."""
    from alembic import context  # noqa: PLC0415 - as in upgrade

    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
