"""One call to a model by way of the desk, and what it has used."""

import datetime as dt
from uuid import UUID

from chassis.database import Database
from services.insights.model import budgets
from services.insights.model.budgets import Amount
from services.insights.model.chat import ModelError
from services.insights.model.desk import ModelDesk, Occasion, Purpose
from services.insights.words.phrasing import Wordings

ASKED = [{"role": "system", "content": "words, please"}, {"role": "user", "content": '{"facts": []}'}]


def ask(asking: ModelDesk, ledger: UUID, person: UUID | None = None) -> str:
    """What came of one call."""
    try:
        asking.ask(Occasion(ledger, Purpose.WORDS, 7, person), ASKED, Wordings, ["change:2026-11"])
    except ModelError as error:
        return error.reason
    return "answered"


def used(database: Database, scope: UUID) -> Amount:
    with database.snapshot() as session:
        return budgets.used(session, scope, dt.datetime.now(dt.UTC).date())
