"""One call to a model through the gateway to it, and what it has used."""

import datetime as dt
from uuid import UUID

from chassis.database.engine import Database
from contracts.ids import LedgerId, UserId
from services.insights.insights.wording.phrasing import ModelWordings
from services.insights.llm import spending_limits
from services.insights.llm.client import LlmError
from services.insights.llm.gateway import CallContext, LlmGateway, Purpose
from services.insights.llm.spending_limits import SpendingAmount

MESSAGES = [{"role": "system", "content": "words, please"}, {"role": "user", "content": '{"facts": []}'}]


def ask_llm(asking: LlmGateway, ledger: LedgerId, user: UserId | None = None) -> str:
    """What came of one call."""
    try:
        asking.ask(CallContext(ledger, Purpose.WORDS, 7, user), MESSAGES, ModelWordings, ["change:2026-11"])
    except LlmError as error:
        return error.reason
    return "answered"


def used(database: Database, scope: UUID) -> SpendingAmount:
    with database.snapshot() as session:
        return spending_limits.used(session, scope, dt.datetime.now(dt.UTC).date())
