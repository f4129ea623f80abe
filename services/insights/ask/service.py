"""Answers questions. Parses them with the grammar, or lets a model choose queries; code computes the answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar, Literal
from uuid import UUID

from chassis.database.engine import Database
from chassis.errors import Unavailable
from chassis.http.events import StreamEvent
from chassis.process.clock import Clock, utc_now
from contracts.days import WeekStart
from contracts.ids import LedgerId, UserId
from services.insights import metrics
from services.insights.ask import grammar, query_choice
from services.insights.ask.answer_templates import Template
from services.insights.ask.queries import SpendingQuery
from services.insights.ask.query_runner import QueryRunner
from services.insights.ask.repository import QueryScope
from services.insights.ask.sentences import Sentence, SentenceWriter
from services.insights.ask.time_spans import Today
from services.insights.insights import repository as insight_repository
from services.insights.insights.facts.snapshot import own_day
from services.insights.insights.wording.slots import locale_of
from services.insights.llm.client import LlmError
from services.insights.llm.gateway import CallContext, LlmGateway, Purpose
from services.insights.summary.service import RequiredRevision


class Reading(StreamEvent):
    """A model is asked to parse the question."""

    event: ClassVar = "reading"
    place: str


class Understood(StreamEvent):
    """How the question was parsed."""

    event: ClassVar = "understood"
    by: Literal["grammar", "model", "nobody"]
    queries: int
    sent: UUID | None = None
    """The call to the model, if one was made."""


class Done(StreamEvent):
    """The answer is complete."""

    event: ClassVar = "done"
    revision: int
    examples: list[str]
    """Example questions, if this one could not be answered."""


Event = Reading | Understood | Sentence | Done


class AskService:
    """The use case of questions about spending."""

    def __init__(
        self,
        database: Database,
        reach: Callable[[LedgerId, RequiredRevision], int | None],
        llm: LlmGateway | None = None,
        now: Clock = utc_now,
    ) -> None:
        """`reach` brings the totals to a required revision."""
        self._database = database
        self._reach = reach
        self._llm = llm
        self._now = now

    def require_revision(self, ledger: LedgerId, required: RequiredRevision) -> None:
        """Brings the totals to the required revision. Raises UnknownRevision, Unavailable."""
        self._reach(ledger, required)

    def answer(
        self,
        ledger: LedgerId,
        question: str,
        user: UserId,
        week_start: WeekStart = WeekStart.MONDAY,
    ) -> Iterator[Event]:
        """Yields the answer as a stream of events. A model's call counts towards the user's spending limit.

        No transaction is open while waiting for a model or a client.
        """
        with self._runner(ledger) as (figures, revision):
            today = Today(figures.today, week_start)
            queries = grammar.read(question, today)
            sure = bool(queries) and all(figures.knows(query) for query in queries)
        understood = Understood(by="grammar" if queries else "nobody", queries=len(queries))
        if not sure and self._llm is not None and self._llm.allows(ledger):
            yield Reading(place=self._llm.model.endpoint.place)
            chosen, call = self._ask_model(question, today, CallContext(ledger, Purpose.QUESTION, revision, user))
            if chosen:
                queries, understood = chosen, Understood(by="model", queries=len(chosen), sent=call)
        yield understood
        with self._runner(ledger) as (figures, revision):
            sentences = [sentence for query in queries for sentence in figures.answer(query)]
            if not queries:
                sentences = [figures.speaker.sentence(Template.CANNOT, names=figures.speaker.list(grammar.EXAMPLES))]
        yield from sentences
        yield Done(revision=revision, examples=[] if queries else list(grammar.EXAMPLES))

    def _ask_model(self, question: str, today: Today, context: CallContext) -> tuple[list[SpendingQuery], UUID | None]:
        assert self._llm is not None, "called only with a model"  # noqa: S101
        try:
            choice = query_choice.choose(question, today, self._llm.session(context))
        except LlmError as error:
            metrics.fallbacks.labels(error.reason).inc()
            return [], None
        return query_choice.queries(choice.value, today.day), choice.call

    @contextmanager
    def _runner(self, ledger: LedgerId) -> Iterator[tuple[QueryRunner, int]]:
        """Yields a runner over one snapshot of the ledger, and its revision. Raises Unavailable."""
        with self._database.snapshot() as session:
            settings = insight_repository.settings(session, ledger)
            if settings is None:
                raise Unavailable("This ledger is still being read.")
            revision = insight_repository.revisions(session, [ledger])[ledger]
            scope = QueryScope(settings.build, settings.currency)
            today = own_day(settings.time_zone, self._now())
            yield QueryRunner(session, scope, today, SentenceWriter(locale_of(settings.locale))), revision
