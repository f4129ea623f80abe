from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from chassis import migrations
from chassis.database import Database
from services.auth import store
from services.auth.migrations import FOLDER
from services.auth.models import Base
from tests.support.auth import migrate


def test_the_schema_is_what_the_models_say(database_url: str) -> None:
    migrate(database_url)
    database = Database(database_url)

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert context.get_current_revision() == migrations.newest(FOLDER)
    database.close()


def test_of_those_who_were_there_before_the_first_becomes_the_administrator(database_url: str) -> None:
    database = Database(database_url)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    began = datetime(2026, 11, 1, tzinfo=UTC)
    people = [
        {"email": name, "email_key": name, "password_hash": "", "epoch": 0, "created_at": began + timedelta(days=day)}
        for day, name in ((1, "bob"), (0, "ada"))
    ]
    with database.write() as session:
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "0002")
        session.execute(add("signing_keys", {"number": 1, "kid": "a", "sealed": b"", "created_at": began}))
        for person in people:
            session.execute(add("accounts", {"id": uuid4(), **person}))
    migrate(database_url)

    with database.snapshot() as session:
        assert [(row.email, row.admin) for row in store.accounts(session)] == [("ada", True), ("bob", False)]
        assert [key.signs_from for key in store.signing_keys(session)] == [began]
    database.close()


def add(table: str, row: dict[str, Any]) -> sa.Insert:
    """Into a table as it was then."""
    types: dict[type, Any] = {UUID: sa.Uuid(), datetime: sa.DateTime(timezone=True)}
    columns = [sa.column(name, types.get(type(value))) for name, value in row.items()]
    return sa.insert(sa.table(table, *columns)).values(row)
