"""The use cases of the model: consent, the record of calls, diagnostics."""

import datetime as dt
from collections.abc import Callable, Generator, Iterator
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import Conflict, NotFound
from chassis.process.clock import Clock, utc_now
from contracts.identity import Caller
from contracts.ids import LedgerId, UserId
from services.insights.llm import repository, spending_limits
from services.insights.llm.call_slots import CallSlots
from services.insights.llm.client import LlmError, TokenUsage
from services.insights.llm.diagnostics import Diagnostics, Finding, Verdict
from services.insights.llm.gateway import Purpose
from services.insights.llm.repository import Consent
from services.insights.llm.schemas import (
    Budget,
    ModelCall,
    ModelCalls,
    ModelPlace,
    ModelPreset,
    ModelSettingsIn,
    ModelSettingsOut,
    SentMessage,
)
from services.insights.llm.spending_limits import SpendingLimitReached, SpendingLimits
from services.insights.llm_server import PRESETS, LlmServer
from services.insights.tables import ModelCallRow

T = TypeVar("T")

_FACTS, _MESSAGES = TypeAdapter(list[str]), TypeAdapter(list[SentMessage])
_VERDICTS = TypeAdapter(dict[str, str])
_MICROS = 1_000_000
EXAMINED = TokenUsage(5_000, 3_000)
"""Tokens that a diagnostics run uses."""
MAX_CALLS_LISTED = 50
"""Calls per page. There is only one page."""


class LlmService:
    """Manages consent, and shows calls."""

    def __init__(
        self,
        database: Database,
        endpoint: LlmServer | None,
        limits: SpendingLimits,
        slots: CallSlots,
        restart_run: Callable[[Session, LedgerId, dt.datetime], None],
        now: Clock = utc_now,
    ) -> None:
        """`slots` are those of the process, which its other calls to the model take too.

        `restart_run` is called in the transaction of a changed consent, since insights are then worded differently.
        """
        self._database = database
        self._slots = slots
        self._endpoint = endpoint
        self._limits = limits
        self._now = now
        self._restart_run = restart_run

    def settings(self, caller: Caller) -> ModelSettingsOut:
        """Returns the state of a ledger, with the caller's own usage and limit."""
        endpoint = self._endpoint
        day = self._now().astimezone(dt.UTC).date()
        with self._database.snapshot() as session:
            said = repository.consent(session, caller.ledger)
            used = spending_limits.used(session, caller.account, day)
        return ModelSettingsOut(
            model=ModelPlace(name=endpoint.model, place=endpoint.place) if endpoint else None,
            allowed=said is not None and said.allowed and endpoint is not None and said.place == endpoint.place,
            answered_at=said.at if said else None,
            budget=_budget(used, self._limits.per_user) if endpoint else None,
            presets=[ModelPreset(**preset._asdict()) for preset in PRESETS],
        )

    def set_consent(self, caller: Caller, said: ModelSettingsIn) -> ModelSettingsOut:
        """Stores consent or refusal, and restarts the insight job. Raises Conflict for consent to another host."""
        place = self._endpoint.place if self._endpoint else ""
        if said.allowed and (not place or said.place != place):
            raise Conflict("The model is not where you were told it is. Please look again.")
        now = self._now()
        with self._database.write() as session:
            repository.set_consent(session, caller.ledger, Consent(said.allowed, place, caller.account, now))
            self._restart_run(session, caller.ledger, now)
        return self.settings(caller)

    def call(self, ledger: LedgerId, id_: UUID) -> ModelCall:
        """Returns what was sent in one call. Raises NotFound."""
        with self._database.snapshot() as session:
            row = repository.call(session, ledger, id_)
        if row is None:
            raise NotFound
        return _to_model_call(row)

    def calls(self, ledger: LedgerId) -> ModelCalls:
        """Returns recent calls."""
        with self._database.snapshot() as session:
            return ModelCalls(
                items=[_to_model_call(row) for row in repository.calls(session, ledger, MAX_CALLS_LISTED)]
            )

    def examine(self, caller: Caller) -> Generator[Finding | Verdict]:
        """Checks the model's server, on the caller's limit. Holds a call slot until the last finding."""
        if self._endpoint is None:
            yield Verdict(good=False, mode=None, says="No model is set up, and none is needed.")
            return
        try:
            with self._slots.slot(caller.ledger):
                yield from self._examine(self._endpoint, caller.account)
        except LlmError:
            yield Verdict(good=False, mode=None, says="The model is busy with other calls. Try again in a moment.")

    def _examine(self, endpoint: LlmServer, user: UserId) -> Iterator[Finding | Verdict]:
        day = self._now().astimezone(dt.UTC).date()
        try:
            with self._database.write() as session:
                # The actual usage is not added up: an upper bound is reserved, and stays so.
                spending_limits.reserve(session, user, day, self._limits.cost(EXAMINED), self._limits)
        except SpendingLimitReached:
            yield Verdict(good=False, mode=None, says="Today's budget for the model is used up.")
            return
        yield from Diagnostics(endpoint).run()


def _budget(used: spending_limits.SpendingAmount, most: spending_limits.SpendingAmount) -> Budget:
    return Budget(
        tokens=used.tokens,
        most_tokens=most.tokens or None,
        cost=_money(used.micros),
        most_cost=_money(most.micros) if most.micros else None,
    )


def _money(micros: int) -> str:
    return f"{(Decimal(micros) / _MICROS).quantize(Decimal('0.0001')):f}"


def _decoded(shape: TypeAdapter[T], text: str, otherwise: T) -> T:
    """Returns an empty value for a shape of another version, so that the rest of the call stays visible."""
    try:
        return shape.validate_json(text)
    except ValidationError:
        return otherwise


def _to_model_call(row: ModelCallRow) -> ModelCall:
    return ModelCall(
        id=row.id,
        at=row.at,
        purpose=Purpose(row.purpose),
        place=row.place,
        model=row.model,
        revision=row.revision,
        facts=_decoded(_FACTS, row.about, []),
        messages=_decoded(_MESSAGES, row.messages, [SentMessage(role="as stored", content=row.messages)]),
        answer=row.answer,
        outcome=row.outcome,
        verdicts=_decoded(_VERDICTS, row.verdicts, {}),
        tokens_sent=row.tokens_told,
        tokens_received=row.tokens_said,
        milliseconds=row.milliseconds,
    )
