"""The one way to the model: only with a person's yes, within the day's budget, and with a record of what was sent."""

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
from services.insights import metrics
from services.insights.insights.facts.snapshot import Now, utc_now
from services.insights.llm import repository, spending_limits
from services.insights.llm.call_slots import CallSlots
from services.insights.llm.circuit_breaker import Breaker
from services.insights.llm.client import Completion, Message, Model, ModelError, Tokens, estimate
from services.insights.llm.repository import Consent
from services.insights.llm.spending_limits import NOTHING, Amount, Limits, OverBudget
from services.insights.tables import ModelCallRow

log = logging.getLogger(__name__)

M = TypeVar("M", bound=BaseModel)
MOST_SAID = 8_000
"""Bytes of an answer that a reservation reckons with: a dozen sentences, or some thinking before a short one."""
_NOT_SERVED = frozenset({"refused", "unreachable"})
"""Reasons after which nothing was used; of others nobody knows."""


class Purpose(StrEnum):
    """What a call is for."""

    WORDS = "words"
    QUESTION = "question"


class Occasion(NamedTuple):
    """What a call is about."""

    ledger: UUID
    purpose: Purpose
    revision: int
    person: UUID | None = None
    """The author of a question, whose budget pays; None in a background run, which the person who consented pays."""


class Answered(NamedTuple, Generic[M]):
    """What the model said, and under which id that can be read."""

    value: M
    call: UUID


class Line(Protocol):
    """A way to the model that is open for one occasion."""

    def ask(self, messages: Sequence[Message], shape: type[M], about: Sequence[str]) -> Answered[M]:
        """Raises ModelError, also where the call is not to be made at all."""

    def judged(self, call: UUID, verdicts: Mapping[str, str]) -> None:
        """What was made of an answer's texts."""


class ModelDesk:
    """Asks the model on behalf of ledgers. Every call is three short transactions around a long wait, never in one."""

    def __init__(
        self, database: Database, model: Model, limits: Limits, now: Now = utc_now, slots: CallSlots | None = None
    ) -> None:
        """`slots` are those of the process, where others call the model too."""
        self.model = model
        self.limits = limits
        self._database = database
        self._now = now
        self._breaker = Breaker()
        self._slots = slots or CallSlots()

    def allows(self, ledger: UUID) -> bool:
        """Whether a person said yes to this ledger's facts being told to the very place where the model is now."""
        return self._consent(ledger) is not None

    def line(self, occasion: Occasion) -> Line:
        """A line for one occasion."""
        return _DeskLine(self, occasion)

    def ask(self, occasion: Occasion, messages: Sequence[Message], shape: type[M], about: Sequence[str]) -> Answered[M]:
        """Raises ModelError: not_allowed, resting, busy, over_budget, or what the model did wrong."""
        if (said := self._consent(occasion.ledger)) is None:
            raise ModelError("not_allowed", "nobody said yes")
        if self._breaker.is_open:
            raise ModelError("resting", "it failed several times in a row")
        with self._slots.slot(occasion.ledger):
            return self._ask(occasion, occasion.person or said.by, messages, shape, about)

    def _ask(
        self, occasion: Occasion, person: UUID, messages: Sequence[Message], shape: type[M], about: Sequence[str]
    ) -> Answered[M]:
        day = self._now().astimezone(dt.UTC).date()
        reserved = self._reserve(person, day, messages)
        started = time.perf_counter()
        answer, failed = self._call(lambda: self.model.ask(messages, shape))
        seconds = time.perf_counter() - started
        took, tokens = self._took(answer, failed, reserved)
        row = self._row(occasion, messages, about, answer, failed)
        row.tokens_told, row.tokens_said, row.milliseconds = *tokens, round(seconds * 1000)
        with self._database.write() as session:
            # Of a ledger that was erased meanwhile nothing is kept.
            known = repository.lock_answer(session, occasion.ledger)
            spending_limits.settle(session, person, day, reserved, took)
            if known:
                repository.keep_call(session, row)
        _count(failed, tokens, took, seconds)
        if answer is None:
            raise failed or AssertionError("there is an answer or an error")
        return Answered(answer.value, row.id)

    def judged(self, call: UUID, verdicts: Mapping[str, str]) -> None:
        """Notes what was made of an answer's texts."""
        with self._database.write() as session:
            repository.note_verdicts(session, call, verdicts)

    def _consent(self, ledger: UUID) -> Consent | None:
        with self._database.snapshot() as session:
            said = repository.consent(session, ledger)
        here = self.model.endpoint.place
        return said if said is not None and said.allowed and said.place == here else None

    def _reserve(self, person: UUID, day: dt.date, messages: Sequence[Message]) -> Amount:
        amount = self.limits.cost(estimate(messages, MOST_SAID))
        try:
            with self._database.write() as session:
                spending_limits.reserve(session, person, day, amount, self.limits)
        except OverBudget as error:
            raise ModelError("over_budget", "today's budget is used up") from error
        return amount

    def _call(self, ask: Callable[[], Completion[M]]) -> tuple[Completion[M] | None, ModelError | None]:
        try:
            answer = ask()
        except ModelError as error:
            self._breaker.note(error.reason)
            log.warning("the model gave nothing", extra={"model": self.model.endpoint.model, "reason": str(error)})
            return None, error
        self._breaker.note(None)
        return answer, None

    def _took(self, answer: Completion[M] | None, failed: ModelError | None, reserved: Amount) -> tuple[Amount, Tokens]:
        if answer is not None:
            return self.limits.cost(answer.tokens), answer.tokens
        unused = failed is not None and failed.reason in _NOT_SERVED
        return (NOTHING if unused else reserved), Tokens(0, 0)

    def _row(
        self,
        occasion: Occasion,
        messages: Sequence[Message],
        about: Sequence[str],
        answer: Completion[M] | None,
        failed: ModelError | None,
    ) -> ModelCallRow:
        endpoint = self.model.endpoint
        return ModelCallRow(
            id=uuid4(),
            ledger=occasion.ledger,
            purpose=occasion.purpose,
            revision=occasion.revision,
            at=self._now(),
            place=endpoint.place[:255],
            model=endpoint.model[:200],
            about=json.dumps(list(about)),
            messages=json.dumps(list(messages), ensure_ascii=False),
            answer=answer.raw.replace("\0", " ") if answer else "",
            outcome=failed.reason if failed else "answered",
            verdicts="{}",
        )


class _DeskLine:
    def __init__(self, desk: ModelDesk, occasion: Occasion) -> None:
        self._desk = desk
        self._occasion = occasion

    def ask(self, messages: Sequence[Message], shape: type[M], about: Sequence[str]) -> Answered[M]:
        return self._desk.ask(self._occasion, messages, shape, about)

    def judged(self, call: UUID, verdicts: Mapping[str, str]) -> None:
        self._desk.judged(call, verdicts)


def _count(failed: ModelError | None, tokens: Tokens, took: Amount, seconds: float) -> None:
    metrics.model_calls.labels(failed.reason if failed else "answered").inc()
    metrics.model_call_duration.observe(seconds)
    metrics.model_tokens.labels("sent").inc(tokens.told)
    metrics.model_tokens.labels("received").inc(tokens.said)
    metrics.model_cost.inc(took.micros / 1_000_000)
