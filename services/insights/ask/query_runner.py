"""Runs a query over the sums of one ledger, and says what came of it."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from services.insights.ask import repository
from services.insights.ask.answer_templates import Template
from services.insights.ask.name_matching import MatchedName, NameIndex
from services.insights.ask.queries import EARLIEST, GroupBy, QueryKind, SpendingQuery
from services.insights.ask.repository import QueryScope
from services.insights.ask.sentences import Evidence, Sentence, SentencePart, SentenceWriter
from services.insights.periods import Period
from services.insights.projections.totals import Sum

MAX_GROWN = 3
"""What grew most: more of it is no answer."""


@dataclass(frozen=True)
class QueryRunner:
    """One ledger at one moment, and in whose words."""

    session: Session
    scope: QueryScope
    today: dt.date
    speaker: SentenceWriter

    @cached_property
    def names(self) -> NameIndex:
        """What people called things."""
        return repository.names(self.session, self.scope)

    @cached_property
    def since(self) -> dt.date:
        """Day of the very first payment; today where there is none."""
        return repository.first_day(self.session, self.scope) or self.today

    def knows(self, query: SpendingQuery) -> bool:
        """Whether what it is about is found here."""
        return not query.about or len(self.names.find(query.about)) == 1

    def answer(self, query: SpendingQuery) -> Iterator[Sentence]:
        """The sentences of an answer. A number comes from a sum that was asked for, or not at all."""
        period, target = query.period, None
        if period.since == EARLIEST:
            period = period._replace(since=min(self.since, period.until))
        if query.about:
            found = self.names.find(query.about)
            if len(found) != 1:
                yield self._unsure(query.about, found)
                return
            (target,) = found
        yield from _ANSWERS[query.kind](self, query, period, target)

    def _unsure(self, about: str, found: list[MatchedName]) -> Sentence:
        if found:
            return self.speaker.sentence(Template.WHICH, names=self.speaker.list(target.name for target in found))
        return self.speaker.sentence(Template.UNKNOWN, about=self.speaker.name(about))

    def sums(self, period: Period, target: MatchedName | None) -> dict[str, Sum]:
        """What the target, or everything, comes to in each currency."""
        if target is None or target.categories:
            categories = target.categories if target else None
            return repository.by_currency(self.session, self.scope, period, categories)
        return repository.of_merchant(self.session, self.scope, period, target.spellings)

    def ranked(self, period: Period, by: GroupBy) -> Mapping[UUID | str, Sum]:
        """What each category or merchant comes to."""
        of = repository.categories if by is GroupBy.CATEGORY else repository.merchants
        return dict(of(self.session, self.scope, period).items())

    def target_of(self, key: UUID | str) -> MatchedName:
        """The category or merchant of a row."""
        if isinstance(key, UUID):
            return MatchedName(self.names.categories[key], categories=(key,))
        return self.names.by_merchant()[key]

    def evidence(self, period: Period, target: MatchedName | None, currency: str | None = None) -> Evidence:
        """The list of exactly the payments behind a sum."""
        days = {"from": period.since.isoformat(), "to": period.until.isoformat()}
        return days | {"currency": currency or self.scope.currency} | (target.parameters if target else {})


def _days(ledger: QueryRunner, period: Period) -> dict[str, SentencePart]:
    return {"since": ledger.speaker.day(period.since), "until": ledger.speaker.day(period.until)}


def _earlier(ledger: QueryRunner, period: Period) -> dict[str, SentencePart]:
    return {"earlier": ledger.speaker.day(period.since), "then": ledger.speaker.day(period.until)}


def _measure(
    ledger: QueryRunner, query: SpendingQuery, period: Period, target: MatchedName | None
) -> Iterator[Sentence]:
    """Sum or count."""
    sums, say = ledger.sums(period, target), ledger.speaker
    own = sums.pop(ledger.scope.currency, Sum())
    cells = _days(ledger, period) | ({"about": say.name(target.name)} if target else {})
    if not own.count and not sums:
        yield say.sentence(Template.NOTHING_ON if target else Template.NOTHING, **cells)
    else:
        evidence = ledger.evidence(period, target)
        cells["value"] = say.amount(own.total, ledger.scope.currency, evidence)
        cells["count"] = say.count(own.count, evidence)
        counted = query.kind is QueryKind.COUNT
        words = (
            (Template.COUNTED_ON if target else Template.COUNTED)
            if counted
            else (Template.SPENT_ON if target else Template.SPENT)
        )
        yield say.sentence(words, **cells)
    for currency in sorted(sums):
        behind = ledger.evidence(period, target, currency)
        yield say.sentence(Template.BESIDES, value=say.amount(sums[currency].total, currency, behind))


def _top(ledger: QueryRunner, query: SpendingQuery, period: Period, target: MatchedName | None) -> Iterator[Sentence]:
    say, sums = ledger.speaker, ledger.ranked(period, query.by)
    rows = sorted(((key, sum_) for key, sum_ in sums.items() if sum_.total > 0), key=_by_total)[: query.most]
    if not rows:  # only refunds, another currency, no merchant, or no payments
        yield from _measure(ledger, query._replace(kind=QueryKind.SUM), period, target)
        return
    yield say.sentence(
        Template.TOP_CATEGORIES if query.by is GroupBy.CATEGORY else Template.TOP_MERCHANTS,
        **_days(ledger, period),
    )
    for key, sum_ in rows:
        target = ledger.target_of(key)
        evidence = ledger.evidence(period, target)
        value = say.amount(sum_.total, ledger.scope.currency, evidence)
        yield say.sentence(Template.ROW, name=say.name(target.name), value=value, count=say.count(sum_.count, evidence))


def _by_total(row: tuple[UUID | str, Sum]) -> tuple[int, str]:
    return -row[1].total, str(row[0])


def _compare(
    ledger: QueryRunner, query: SpendingQuery, period: Period, target: MatchedName | None
) -> Iterator[Sentence]:
    say, before = ledger.speaker, query.before or period
    own = ledger.scope.currency
    sums, sums_then = (ledger.sums(days, target) for days in (period, before))
    now, then = sums.get(own, Sum()), sums_then.get(own, Sum())
    cells = _days(ledger, period) | _earlier(ledger, before)
    if not sums_then:
        yield from _measure(ledger, query._replace(kind=QueryKind.SUM), period, target)
        yield say.sentence(Template.NO_BEFORE, **cells)
        return
    difference = now.total - then.total
    cells["value"] = say.amount(now.total, own, ledger.evidence(period, target))
    cells["before"] = say.amount(then.total, own, ledger.evidence(before, target))
    # The difference is that of the two sums beside it, each of which opens its list: it has none of its own.
    cells["difference"] = say.amount(abs(difference), own, None)
    if target:
        cells["about"] = say.name(target.name)
    ways = {
        1: (Template.MORE, Template.MORE_ON),
        -1: (Template.LESS, Template.LESS_ON),
        0: (Template.SAME, Template.SAME_ON),
    }
    way = (difference > 0) - (difference < 0)
    yield say.sentence(ways[way][target is not None], **cells)


def _grew(ledger: QueryRunner, query: SpendingQuery, period: Period, _: MatchedName | None) -> Iterator[Sentence]:
    say, before = ledger.speaker, query.before or period
    now, then = ledger.ranked(period, query.by), ledger.ranked(before, query.by)
    cells = _days(ledger, period) | _earlier(ledger, before)
    if not then and not ledger.sums(before, None):
        yield say.sentence(Template.NO_BEFORE, **cells)
        return
    grown = {key: sum_.total - then.get(key, Sum()).total for key, sum_ in now.items()}
    rows = sorted((key for key in grown if grown[key] > 0), key=lambda key: (-grown[key], str(key)))
    if not rows:
        yield say.sentence(Template.GREW_NONE, **cells)
        return
    yield say.sentence(Template.GREW_CATEGORIES if query.by is GroupBy.CATEGORY else Template.GREW_MERCHANTS, **cells)
    for key in rows[:MAX_GROWN]:
        target = ledger.target_of(key)
        yield _grown(ledger, target, (period, now[key]), (before, then.get(key, Sum())))


def _grown(ledger: QueryRunner, target: MatchedName, now: tuple[Period, Sum], then: tuple[Period, Sum]) -> Sentence:
    say, own = ledger.speaker, ledger.scope.currency
    cells = {
        "name": say.name(target.name),
        "value": say.amount(now[1].total, own, ledger.evidence(now[0], target)),
    }
    if not then[1].count:
        return say.sentence(Template.GREW_NEW, **cells)
    cells["before"] = say.amount(then[1].total, own, ledger.evidence(then[0], target))
    cells["difference"] = say.amount(now[1].total - then[1].total, own, None)
    return say.sentence(Template.GREW_ROW, **cells)


_ANSWERS: Mapping[QueryKind, Callable[[QueryRunner, SpendingQuery, Period, MatchedName | None], Iterator[Sentence]]] = {
    QueryKind.SUM: _measure,
    QueryKind.COUNT: _measure,
    QueryKind.TOP: _top,
    QueryKind.COMPARE: _compare,
    QueryKind.GREW: _grew,
}
