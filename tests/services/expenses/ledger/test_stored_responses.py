"""Responses are stored for repeated requests, and not for ever."""

import datetime as dt

import sqlalchemy as sa

from chassis.database.engine import Database, table_of
from services.expenses.ledger.maintenance import RETENTION, ReplayCleanup
from services.expenses.ledger.tables import ReplayRow
from tests.support.clock import steady
from tests.support.ledger_services import LedgerServices, LedgerUser


def test_an_answer_goes_after_a_week_and_no_sooner(services: LedgerServices, user: LedgerUser) -> None:
    body = {"amount": "5", "category": "Food"}
    for key in ("old", "young"):
        user.book.post("/api/v1/expenses", body, Idempotency_Key=key)
    answers, aged = table_of(ReplayRow), dt.datetime.now(dt.UTC) - RETENTION
    database = Database(services.expenses_settings.database_url)
    with database.write() as session:
        session.execute(sa.update(answers).where(answers.c.key == "old").values(answered_at=aged))

    ReplayCleanup(database, steady=steady()).work()

    with database.snapshot() as session:
        kept = session.scalars(sa.select(answers.c.key).where(answers.c.ledger == user.account)).all()
    database.close()
    assert kept == ["young"]
