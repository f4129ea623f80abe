from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from chassis.database import migrations
from chassis.database.engine import Database
from services.auth.identity import repository as auth_repository
from services.auth.identity.tables import Base, LedgerInvitationRow
from services.auth.migrations import FOLDER
from services.auth.sessions import repository as session_repository
from services.auth.signing_keys import repository
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
    users = [
        {"email": name, "email_key": name, "password_hash": "", "epoch": 0, "created_at": began + timedelta(days=day)}
        for day, name in ((1, "bob"), (0, "ada"))
    ]
    with database.write() as session:
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "0002")
        session.execute(add("signing_keys", {"number": 1, "kid": "a", "sealed": b"", "created_at": began}))
        for user in users:
            session.execute(add("accounts", {"id": uuid4(), **user}))
    migrate(database_url)

    with database.snapshot() as session:
        assert [(row.email, row.admin) for row in auth_repository.accounts(session)] == [("ada", True), ("bob", False)]
        assert [key.signs_from for key in repository.signing_keys(session)] == [began]
    database.close()


def test_an_open_invitation_for_an_address_names_the_account_that_has_it(database_url: str) -> None:
    database = Database(database_url)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    now = datetime(2026, 11, 1, tzinfo=UTC)
    ada, ledger = uuid4(), uuid4()
    of_ada = {"id": ada, "email": "Ada@example.org", "email_key": "ada@example.org", "password_hash": "", "epoch": 0}
    of_ledger = {"id": ledger, "name": "Home", "currency": "EUR", "time_zone": "UTC", "locale": "en"}
    invitation = {"ledger": ledger, "role": "viewer", "invited_by": ada, "created_at": now, "expires_at": now}
    with database.write() as session:
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "0004")
        session.execute(add("accounts", of_ada | {"created_at": now}))
        session.execute(add("ledgers", of_ledger | {"created_at": now}))
        for email in ("ADA@example.org", "bob@example.org"):
            row = {"id": uuid4(), "token_hash": email.encode(), "email": email}
            session.execute(add("ledger_invitations", invitation | row))
    migrate(database_url)

    with database.snapshot() as session:
        rows = session.scalars(sa.select(LedgerInvitationRow)).all()
        assert {row.email: row.for_account for row in rows} == {"ADA@example.org": ada, "bob@example.org": None}
        assert [(row.email_verified, row.pending_email) for row in auth_repository.accounts(session)] == [(False, None)]
    database.close()


def test_sessions_that_were_open_before_go_on(database_url: str) -> None:
    database = Database(database_url)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    now = datetime(2026, 11, 1, tzinfo=UTC)
    ada, session_id = uuid4(), uuid4()
    of_ada = {"id": ada, "email": "a", "email_key": "a", "password_hash": "", "epoch": 0, "created_at": now}
    opened = {"id": session_id, "account": ada, "first_hash": b"h", "generation": 7, "created_at": now, "used_at": now}
    with database.write() as session:
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "0004")
        session.execute(add("accounts", of_ada))
        session.execute(add("sessions", opened))
    migrate(database_url)

    with database.snapshot() as session:
        row = session_repository.session_by_id(session, session_id)
        assert row is not None
        assert (row.generation, row.issued_at, row.confirmed_at) == (7, now, None)
    database.close()


def add(table: str, row: dict[str, Any]) -> sa.Insert:
    """Into a table as it was then."""
    types: dict[type, Any] = {UUID: sa.Uuid(), datetime: sa.DateTime(timezone=True)}
    columns = [sa.column(name, types.get(type(value))) for name, value in row.items()]
    return sa.insert(sa.table(table, *columns)).values(row)
