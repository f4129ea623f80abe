"""Runs queries over one ledger, and writes the sentences of the answer."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.ids import CategoryId
from services.insights.ask import repository
from services.insights.ask.answer_templates import Template
from services.insights.ask.name_matching import MatchedName, NameIndex
from services.insights.ask.queries import EARLIEST, GroupBy, QueryKind, SpendingQuery
from services.insights.ask.repository import QueryScope
from services.insights.ask.sentences import Evidence, Sentence, SentencePart, SentenceWriter
from services.insights.periods import Period
from services.insights.projections.totals import Sum

MAX_GROWN = 3
"""Rows of an answer about growth."""


@dataclass(frozen=True)
class QueryRunner:
    """One ledger at one moment, and the writer of sentences in its locale."""

    session: Session
    scope: QueryScope
    today: dt.date
    speaker: SentenceWriter

    @cached_property
    def names(self) -> NameIndex:
        """The names of categories and merchants."""
        return repository.names(self.session, self.scope)

    @cached_property
    def since(self) -> dt.date:
        """The day of the first payment, or today if there is none."""
        return repository.first_day(self.session, self.scope) or self.today

    def knows(self, query: SpendingQuery) -> bool:
        """Whether the name in the query matches exactly one category or merchant, or there is no name."""
        return not query.about or len(self.names.find(query.about)) == 1

    def answer(self, query: SpendingQuery) -> Iterator[Sentence]:
        """Yields the sentences of the answer. Every number comes from a query."""
        period, target = query.period, None
        if period.since == EARLIEST:
            period = period._replace(since=min(self.since, period.until))
        if query.about:
            matches = self.names.find(query.about)
            if len(matches) != 1:
                yield self._unsure(query.about, matches)
                return
            (target,) = matches
        yield from _ANSWERS[query.kind](self, query, period, target)

    def _unsure(self, about: str, matches: list[MatchedName]) -> Sentence:
        if matches:
            return self.speaker.sentence(Template.WHICH, names=self.speaker.list(target.name for target in matches))
        return self.speaker.sentence(Template.UNKNOWN, about=self.speaker.name(about))

    def sums(self, period: Period, target: MatchedName | None) -> dict[str, Sum]:
        """Returns the sum of the target, or of everything, by currency."""
        if target is None or target.categories:
            categories = target.categories if target else None
            return repository.by_currency(self.session, self.scope, period, categories)
        return repository.of_merchant(self.session, self.scope, period, target.spellings)

    def ranked(self, period: Period, by: GroupBy) -> Mapping[CategoryId | str, Sum]:
        """Returns the sum of each category or merchant."""
        of = repository.categories if by is GroupBy.CATEGORY else repository.merchants
        return dict(of(self.session, self.scope, period).items())

    def target_of(self, key: CategoryId | str) -> MatchedName:
        """Returns the category or merchant of a row."""
        if isinstance(key, UUID):
            return MatchedName(self.names.categories[key], categories=(key,))
        return self.names.by_merchant()[key]

    def evidence(self, period: Period, target: MatchedName | None, currency: str | None = None) -> Evidence:
        """Returns the parameters that list exactly the payments of a sum."""
        days = {"from": period.since.isoformat(), "to": period.until.isoformat()}
        return days | {"currency": currency or self.scope.currency} | (target.parameters if target else {})


def _days(ledger: QueryRunner, period: Period) -> dict[str, SentencePart]:
    return {"since": ledger.speaker.day(period.since), "until": ledger.speaker.day(period.until)}


def _earlier(ledger: QueryRunner, period: Period) -> dict[str, SentencePart]:
    return {"earlier": ledger.speaker.day(period.since), "then": ledger.speaker.day(period.until)}


def _measure(
    ledger: QueryRunner, query: SpendingQuery, period: Period, target: MatchedName | None
) -> Iterator[Sentence]:
    """Answers with a sum or a count."""
    sums, writer = ledger.sums(period, target), ledger.speaker
    own = sums.pop(ledger.scope.currency, Sum())
    cells = _days(ledger, period) | ({"about": writer.name(target.name)} if target else {})
    if not own.count and not sums:
        yield writer.sentence(Template.NOTHING_ON if target else Template.NOTHING, **cells)
    else:
        evidence = ledger.evidence(period, target)
        cells["value"] = writer.amount(own.total, ledger.scope.currency, evidence)
        cells["count"] = writer.count(own.count, evidence)
        counted = query.kind is QueryKind.COUNT
        words = (
            (Template.COUNTED_ON if target else Template.COUNTED)
            if counted
            else (Template.SPENT_ON if target else Template.SPENT)
        )
        yield writer.sentence(words, **cells)
    for currency in sorted(sums):
        behind = ledger.evidence(period, target, currency)
        yield writer.sentence(Template.BESIDES, value=writer.amount(sums[currency].total, currency, behind))


def _top(ledger: QueryRunner, query: SpendingQuery, period: Period, target: MatchedName | None) -> Iterator[Sentence]:
    writer, sums = ledger.speaker, ledger.ranked(period, query.by)
    rows = sorted(((key, sum_) for key, sum_ in sums.items() if sum_.total > 0), key=_by_total)[: query.most]
    if not rows:  # only refunds, another currency, no merchant, or no payments
        yield from _measure(ledger, query._replace(kind=QueryKind.SUM), period, target)
        return
    yield writer.sentence(
        Template.TOP_CATEGORIES if query.by is GroupBy.CATEGORY else Template.TOP_MERCHANTS,
        **_days(ledger, period),
    )
    for key, sum_ in rows:
        target = ledger.target_of(key)
        evidence = ledger.evidence(period, target)
        value = writer.amount(sum_.total, ledger.scope.currency, evidence)
        yield writer.sentence(
            Template.ROW, name=writer.name(target.name), value=value, count=writer.count(sum_.count, evidence)
        )


def _by_total(row: tuple[CategoryId | str, Sum]) -> tuple[int, str]:
    return -row[1].total, str(row[0])


def _compare(
    ledger: QueryRunner, query: SpendingQuery, period: Period, target: MatchedName | None
) -> Iterator[Sentence]:
    writer, before = ledger.speaker, query.before or period
    own = ledger.scope.currency
    sums, sums_then = (ledger.sums(days, target) for days in (period, before))
    now, then = sums.get(own, Sum()), sums_then.get(own, Sum())
    cells = _days(ledger, period) | _earlier(ledger, before)
    if not sums_then:
        yield from _measure(ledger, query._replace(kind=QueryKind.SUM), period, target)
        yield writer.sentence(Template.NO_BEFORE, **cells)
        return
    difference = now.total - then.total
    cells["value"] = writer.amount(now.total, own, ledger.evidence(period, target))
    cells["before"] = writer.amount(then.total, own, ledger.evidence(before, target))
    # No evidence: the difference is that of the two sums beside it, which have evidence of their own.
    cells["difference"] = writer.amount(abs(difference), own, None)
    if target:
        cells["about"] = writer.name(target.name)
    ways = {
        1: (Template.MORE, Template.MORE_ON),
        -1: (Template.LESS, Template.LESS_ON),
        0: (Template.SAME, Template.SAME_ON),
    }
    way = (difference > 0) - (difference < 0)
    yield writer.sentence(ways[way][target is not None], **cells)


def _grew(ledger: QueryRunner, query: SpendingQuery, period: Period, _: MatchedName | None) -> Iterator[Sentence]:
    writer, before = ledger.speaker, query.before or period
    now, then = ledger.ranked(period, query.by), ledger.ranked(before, query.by)
    cells = _days(ledger, period) | _earlier(ledger, before)
    if not then and not ledger.sums(before, None):
        yield writer.sentence(Template.NO_BEFORE, **cells)
        return
    grown = {key: sum_.total - then.get(key, Sum()).total for key, sum_ in now.items()}
    rows = sorted((key for key in grown if grown[key] > 0), key=lambda key: (-grown[key], str(key)))
    if not rows:
        yield writer.sentence(Template.GREW_NONE, **cells)
        return
    yield writer.sentence(
        Template.GREW_CATEGORIES if query.by is GroupBy.CATEGORY else Template.GREW_MERCHANTS, **cells
    )
    for key in rows[:MAX_GROWN]:
        target = ledger.target_of(key)
        yield _grown(ledger, target, (period, now[key]), (before, then.get(key, Sum())))


def _grown(ledger: QueryRunner, target: MatchedName, now: tuple[Period, Sum], then: tuple[Period, Sum]) -> Sentence:
    writer, own = ledger.speaker, ledger.scope.currency
    cells = {
        "name": writer.name(target.name),
        "value": writer.amount(now[1].total, own, ledger.evidence(now[0], target)),
    }
    if not then[1].count:
        return writer.sentence(Template.GREW_NEW, **cells)
    cells["before"] = writer.amount(then[1].total, own, ledger.evidence(then[0], target))
    cells["difference"] = writer.amount(now[1].total - then[1].total, own, None)
    return writer.sentence(Template.GREW_ROW, **cells)


_ANSWERS: Mapping[QueryKind, Callable[[QueryRunner, SpendingQuery, Period, MatchedName | None], Iterator[Sentence]]] = {
    QueryKind.SUM: _measure,
    QueryKind.COUNT: _measure,
    QueryKind.TOP: _top,
    QueryKind.COMPARE: _compare,
    QueryKind.GREW: _grew,
}
