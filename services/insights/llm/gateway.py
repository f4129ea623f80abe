"""Calls the model only with a user's consent and within the day's spending limit, and records every call."""

import datetime as dt
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID, uuid4

from pydantic import BaseModel

from chassis.database.engine import Database
from chassis.process.clock import Clock, utc_now
from contracts.ids import LedgerId, UserId
from services.insights import metrics
from services.insights.llm import repository, spending_limits
from services.insights.llm.call_slots import CallSlots
from services.insights.llm.circuit_breaker import LlmCircuitBreaker
from services.insights.llm.client import Completion, LlmClient, LlmError, Message, TokenUsage, estimate
from services.insights.llm.repository import Consent
from services.insights.llm.spending_limits import NOTHING, SpendingAmount, SpendingLimitReached, SpendingLimits
from services.insights.tables import ModelCallRow

log = logging.getLogger(__name__)

M = TypeVar("M", bound=BaseModel)
MAX_REPLY_TOKENS = 8_000
"""Bytes of a response that a reservation assumes: a dozen sentences, or some reasoning and a short one."""
_NOT_SERVED = frozenset({"refused", "unreachable"})
"""Errors that mean no usage. After others the usage is unknown."""


class Purpose(StrEnum):
    """The purpose of a call."""

    WORDS = "words"
    QUESTION = "question"


class CallContext(NamedTuple):
    """The context of a call."""

    ledger: LedgerId
    purpose: Purpose
    revision: int
    person: UserId | None = None
    """The author of a question, whose limit pays; None in a background run, for which the consenting user pays."""


class LlmResult(NamedTuple, Generic[M]):
    """The model's response, and the id of the recorded call."""

    value: M
    call: UUID


class LlmSession(Protocol):
    """Calls to the model in one context."""

    def ask(self, messages: Sequence[Message], shape: type[M], about: Sequence[str]) -> LlmResult[M]:
        """Calls the model. Raises LlmError, also if the call is not allowed."""

    def record_verdicts(self, call: UUID, verdicts: Mapping[str, str]) -> None:
        """Records how each text of the response was used."""


class LlmGateway:
    """Calls the model for ledgers. A call is three short transactions around a long wait, never one around it."""

    def __init__(
        self,
        database: Database,
        model: LlmClient,
        limits: SpendingLimits,
        slots: CallSlots,
        now: Clock = utc_now,
    ) -> None:
        """`slots` are those of the process, shared with other components that call the model."""
        self.model = model
        self.limits = limits
        self._database = database
        self._now = now
        self._breaker = LlmCircuitBreaker()
        self._slots = slots

    def allows(self, ledger: LedgerId) -> bool:
        """Whether a user consented to sending this ledger's facts to the model's current host."""
        return self._consent(ledger) is not None

    def session(self, context: CallContext) -> LlmSession:
        """Returns a session for one context."""
        return _GatewaySession(self, context)

    def ask(
        self, context: CallContext, messages: Sequence[Message], shape: type[M], about: Sequence[str]
    ) -> LlmResult[M]:
        """Raises LlmError: not_allowed, resting, busy, over_budget, or a failure of the model."""
        if (consent := self._consent(context.ledger)) is None:
            raise LlmError("not_allowed", "no consent")
        if self._breaker.is_open:
            raise LlmError("resting", "it failed several times in a row")
        with self._slots.slot(context.ledger):
            return self._ask(context, context.person or consent.by, messages, shape, about)

    def _ask(
        self, context: CallContext, user: UserId, messages: Sequence[Message], shape: type[M], about: Sequence[str]
    ) -> LlmResult[M]:
        day = self._now().astimezone(dt.UTC).date()
        reserved = self._reserve(user, day, messages)
        started = time.perf_counter()
        answer, failed = self._call(lambda: self.model.complete(messages, shape))
        seconds = time.perf_counter() - started
        took, tokens = self._took(answer, failed, reserved)
        row = self._row(context, messages, about, answer, failed)
        row.tokens_told, row.tokens_said, row.milliseconds = *tokens, round(seconds * 1000)
        with self._database.write() as session:
            # Nothing is stored for a ledger that was erased meanwhile.
            known = repository.lock_consent(session, context.ledger)
            spending_limits.settle(session, user, day, reserved, took)
            if known:
                repository.add_call(session, row)
        _count(failed, tokens, took, seconds)
        if answer is None:
            raise failed or AssertionError("there is an answer or an error")
        return LlmResult(answer.value, row.id)

    def record_verdicts(self, call: UUID, verdicts: Mapping[str, str]) -> None:
        """Records how each text of the response was used."""
        with self._database.write() as session:
            repository.note_verdicts(session, call, verdicts)

    def _consent(self, ledger: LedgerId) -> Consent | None:
        with self._database.snapshot() as session:
            consent = repository.consent(session, ledger)
        here = self.model.endpoint.place
        return consent if consent is not None and consent.allowed and consent.place == here else None

    def _reserve(self, user: UserId, day: dt.date, messages: Sequence[Message]) -> SpendingAmount:
        amount = self.limits.cost(estimate(messages, MAX_REPLY_TOKENS))
        try:
            with self._database.write() as session:
                spending_limits.reserve(session, user, day, amount, self.limits)
        except SpendingLimitReached as error:
            raise LlmError("over_budget", "today's budget is used up") from error
        return amount

    def _call(self, ask: Callable[[], Completion[M]]) -> tuple[Completion[M] | None, LlmError | None]:
        try:
            answer = ask()
        except LlmError as error:
            self._breaker.record(error.reason)
            log.warning("the model gave nothing", extra={"model": self.model.endpoint.model, "reason": str(error)})
            return None, error
        self._breaker.record(None)
        return answer, None

    def _took(
        self, answer: Completion[M] | None, failed: LlmError | None, reserved: SpendingAmount
    ) -> tuple[SpendingAmount, TokenUsage]:
        if answer is not None:
            return self.limits.cost(answer.tokens), answer.tokens
        unused = failed is not None and failed.reason in _NOT_SERVED
        return (NOTHING if unused else reserved), TokenUsage(0, 0)

    def _row(
        self,
        context: CallContext,
        messages: Sequence[Message],
        about: Sequence[str],
        answer: Completion[M] | None,
        failed: LlmError | None,
    ) -> ModelCallRow:
        endpoint = self.model.endpoint
        return ModelCallRow(
            id=uuid4(),
            ledger=context.ledger,
            purpose=context.purpose,
            revision=context.revision,
            at=self._now(),
            place=endpoint.place[:255],
            model=endpoint.model[:200],
            about=json.dumps(list(about)),
            messages=json.dumps(list(messages), ensure_ascii=False),
            answer=answer.raw.replace("\0", " ") if answer else "",
            outcome=failed.reason if failed else "answered",
            verdicts="{}",
        )


class _GatewaySession:
    def __init__(self, llm: LlmGateway, context: CallContext) -> None:
        self._llm = llm
        self._context = context

    def ask(self, messages: Sequence[Message], shape: type[M], about: Sequence[str]) -> LlmResult[M]:
        return self._llm.ask(self._context, messages, shape, about)

    def record_verdicts(self, call: UUID, verdicts: Mapping[str, str]) -> None:
        self._llm.record_verdicts(call, verdicts)


def _count(failed: LlmError | None, tokens: TokenUsage, took: SpendingAmount, seconds: float) -> None:
    metrics.model_calls.labels(failed.reason if failed else "answered").inc()
    metrics.model_call_duration.observe(seconds)
    metrics.model_tokens.labels("sent").inc(tokens.sent)
    metrics.model_tokens.labels("received").inc(tokens.received)
    metrics.model_cost.inc(took.micros / 1_000_000)
