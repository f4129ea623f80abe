"""Walks "today" through a ledger, and keeps what was told on each page and what became of it."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench.hindsight.contradictions import contradictions
from bench.hindsight.forecasts import ForecastCase, compare, forecast_days
from bench.hindsight.ledgers import RecordedLedger
from bench.hindsight.plain_cases import PlainCase, plain_cases
from bench.hindsight.verdicts import Verdict, verdict, year_cost_is_right
from services.insights.insights.facts.fact import Fact, FactKind
from services.insights.insights.facts.finders import find_facts
from services.insights.insights.facts.ranking import choose
from services.insights.periods import month_of

DAYS = (3, 8, 13, 18, 23, 28)
"""Days of a month on which a page is looked at."""
SETTLED = dt.timedelta(days=90)
"""Age of a ledger from which a page has to show three items."""


@dataclass
class KindOutcome:
    """What became of the facts of a kind. A fact counts once, as it was first told."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    false: list[str] = field(default_factory=list)
    costs: Counter[Verdict] = field(default_factory=Counter)
    plain: int = 0
    plain_told: int = 0
    plain_found: int = 0
    """Plain cases for which there was a fact, whether or not a page had room for it."""
    missed: list[str] = field(default_factory=list)


@dataclass
class WalkResult:
    """All that was told of a ledger."""

    ledger: RecordedLedger
    pages: int = 0
    short_pages: list[dt.date] = field(default_factory=list)
    """Pages with fewer than three items, of a ledger of three months or more."""
    kinds: defaultdict[FactKind, KindOutcome] = field(default_factory=lambda: defaultdict(KindOutcome))
    forecasts: list[ForecastCase] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Page:
    today: dt.date
    facts: Sequence[Fact]
    shown: Sequence[Fact]


def walk(ledger: RecordedLedger) -> WalkResult:
    """Looks at a ledger's page six times a month."""
    result = WalkResult(ledger)
    forecasts = set(forecast_days(ledger))
    pages = []
    judged = set[str]()
    for today in _days(ledger):
        snapshot = ledger.snapshot(today)
        facts = find_facts(snapshot)
        page = _Page(today, facts, choose(facts, snapshot, ()))
        pages.append(page)
        _count_page(result, page, judged)
        if today in forecasts and (case := compare(ledger, today, facts)):
            result.forecasts.append(case)
    _count_plain(result, pages)
    return result


def _days(ledger: RecordedLedger) -> Iterator[dt.date]:
    month = month_of(ledger.first_day)
    while month.since <= ledger.last_day:
        days = (month.since.replace(day=day) for day in DAYS)
        yield from (day for day in days if ledger.first_day <= day <= ledger.last_day)
        month = month_of(month.until + dt.timedelta(days=1))


def _count_page(result: WalkResult, page: _Page, judged: set[str]) -> None:
    ledger, today = result.ledger, page.today
    result.pages += 1
    if len(page.shown) < 3 and today - ledger.first_day >= SETTLED:
        result.short_pages.append(today)
    result.contradictions += [f"{ledger.name} {today}: {text}" for text in contradictions(ledger, today, page.shown)]
    for fact in page.shown:
        if fact.id in judged:
            continue
        judged.add(fact.id)
        outcome = result.kinds[fact.kind]
        decided = verdict(ledger, today, fact)
        outcome.verdicts[decided] += 1
        if decided is False:
            outcome.false.append(f"{ledger.name} {today}: {_told(fact)}")
        if fact.kind is FactKind.RECURRING and decided:
            outcome.costs[year_cost_is_right(ledger, fact)] += 1


def _told(fact: Fact) -> str:
    return f"{fact.kind} " + ", ".join(f"{name}={slot.value}" for name, slot in fact.slots.items())


def _count_plain(result: WalkResult, pages: Sequence[_Page]) -> None:
    for case in plain_cases(result.ledger):
        looked_at = [page for page in pages if case.time.since <= page.today <= case.time.until]
        if looked_at:
            _count_case(result.kinds[case.kind], case, looked_at, result.ledger)


def _count_case(outcome: KindOutcome, case: PlainCase, pages: Sequence[_Page], ledger: RecordedLedger) -> None:
    is_told = any(case.is_told_by(fact) for page in pages for fact in page.shown)
    outcome.plain += 1
    outcome.plain_told += is_told
    outcome.plain_found += any(case.is_told_by(fact) for page in pages for fact in page.facts)
    if not is_told:
        outcome.missed.append(f"{ledger.name}: {case.what}")
