"""Databases with an older schema, to try migrations with rows that were there before."""

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.orm import Session

_TYPES: dict[type, Any] = {
    UUID: sa.Uuid(),
    dt.datetime: sa.DateTime(timezone=True),
    dt.date: sa.Date(),
    list: sa.JSON(),
}


def upgrade_to(session: Session, folder: Path, revision: str) -> None:
    """Runs a service's migrations up to this one."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["connection"] = session.connection()
    command.upgrade(config, revision)


def insert(session: Session, table: str, *rows: dict[str, Any]) -> None:
    """Rows for a table as it was then."""
    for row in rows:
        columns = [sa.column(name, _TYPES.get(type(value))) for name, value in row.items()]
        session.execute(sa.insert(sa.table(table, *columns)).values(row))
