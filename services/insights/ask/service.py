"""Answers questions: reads them by our own grammar, else by a model's choice among our queries; code does the rest."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from chassis.database.engine import Database
from chassis.errors import Unavailable
from contracts.days import WeekStart
from services.insights import metrics
from services.insights.ask import grammar, query_choice
from services.insights.ask.answer_templates import Say
from services.insights.ask.queries import Query
from services.insights.ask.query_runner import Ledger
from services.insights.ask.repository import Scope
from services.insights.ask.sentences import Sentence, Speaker
from services.insights.ask.time_spans import Today
from services.insights.insights import repository as insight_repository
from services.insights.insights.facts.snapshot import Now, own_day, utc_now
from services.insights.insights.wording.slots import locale_of
from services.insights.llm.client import ModelError
from services.insights.llm.gateway import ModelDesk, Occasion, Purpose
from services.insights.summary.service import Wanted


class Reading(BaseModel):
    """A model is being asked how to read the question."""

    place: str


class Understood(BaseModel):
    """How the question was read."""

    by: Literal["grammar", "model", "nobody"]
    queries: int
    sent: UUID | None = None
    """The call to the model, if one was made."""


class Done(BaseModel):
    """The answer is whole."""

    revision: int
    examples: list[str]
    """What can be asked, where this could not be answered."""


Event = Reading | Understood | Sentence | Done


class AskService:
    """What people ask about their spending."""

    def __init__(
        self,
        database: Database,
        reach: Callable[[UUID, Wanted], int | None],
        desk: ModelDesk | None = None,
        now: Now = utc_now,
    ) -> None:
        """`reach` brings the totals to a wanted revision."""
        self._database = database
        self._reach = reach
        self._desk = desk
        self._now = now

    def opened(self, ledger: UUID, wanted: Wanted) -> None:
        """Sees that the figures are where the caller wants them. Raises UnknownRevision, Unavailable."""
        self._reach(ledger, wanted)

    def answer(
        self,
        ledger: UUID,
        question: str,
        person: UUID,
        week_start: WeekStart = WeekStart.MONDAY,
    ) -> Iterator[Event]:
        """The answer as it comes, on the budget of the person who asks.

        No transaction is open while a model is waited for, or a client.
        """
        with self._looking(ledger) as (figures, revision):
            today = Today(figures.today, week_start)
            queries = grammar.read(question, today)
            sure = bool(queries) and all(figures.knows(query) for query in queries)
        understood = Understood(by="grammar" if queries else "nobody", queries=len(queries))
        if not sure and self._desk is not None and self._desk.allows(ledger):
            yield Reading(place=self._desk.model.endpoint.place)
            chosen, call = self._chosen(question, today, Occasion(ledger, Purpose.QUESTION, revision, person))
            if chosen:
                queries, understood = chosen, Understood(by="model", queries=len(chosen), sent=call)
        yield understood
        with self._looking(ledger) as (figures, revision):
            sentences = [sentence for query in queries for sentence in figures.answer(query)]
            if not queries:
                sentences = [figures.speaker.say(Say.CANNOT, names=figures.speaker.list(grammar.EXAMPLES))]
        yield from sentences
        yield Done(revision=revision, examples=[] if queries else list(grammar.EXAMPLES))

    def _chosen(self, question: str, today: Today, occasion: Occasion) -> tuple[list[Query], UUID | None]:
        assert self._desk is not None, "asked where there is one"  # noqa: S101
        try:
            answered = query_choice.choose(question, today, self._desk.line(occasion))
        except ModelError as error:
            metrics.fallbacks.labels(error.reason).inc()
            return [], None
        return query_choice.queries(answered.value, today.day), answered.call

    @contextmanager
    def _looking(self, ledger: UUID) -> Iterator[tuple[Ledger, int]]:
        """The ledger's figures at one moment, and the revision that they show. Raises Unavailable."""
        with self._database.snapshot() as session:
            settings = insight_repository.settings(session, ledger)
            if settings is None:
                raise Unavailable("This ledger is still being read.")
            revision = insight_repository.revisions(session, [ledger])[ledger]
            scope = Scope(settings.build, settings.currency)
            today = own_day(settings.time_zone, self._now())
            yield Ledger(session, scope, today, Speaker(locale_of(settings.locale))), revision
