"""Compares the facts found in a generated ledger with the truth."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID, uuid5

from bench.truth.planted_scenarios import PlantedTruth, plant
from bench.truth.population import GeneratedPayment, SimulatedLedger, generate
from contracts.ids import CategoryId, ExpenseId
from contracts.money import Money
from contracts.text import fold
from services.insights.insights.facts.fact import VALUE, Fact, FactKind
from services.insights.insights.facts.finders import find_facts
from services.insights.insights.facts.payments import Payment
from services.insights.insights.facts.ranking import choose
from services.insights.insights.facts.snapshot import FactSnapshot
from services.insights.periods import month_of

CURRENCY = "EUR"
_NAMES = UUID(int=7)
_SOON, _ABOUT = dt.timedelta(days=4), dt.timedelta(days=10)
_ENOUGH = {0: 6, 1: 3, 3: 3, 12: 2}
"""Charges from which a person would call a bill one, by its months."""


@dataclass
class KindScore:
    """Of one kind, over all ledgers."""

    planted: int = 0
    found: int = 0
    """Of those planted."""
    shown: int = 0
    """Of those found, in the handful that a person gets to see."""
    true_anyway: int = 0
    wrong: int = 0
    missed: list[str] = field(default_factory=list)
    mistaken: list[str] = field(default_factory=list)


@dataclass
class Forecasts:
    """How the months really ended."""

    inside: int = 0
    with_range: int = 0
    errors: list[float] = field(default_factory=list)
    """Distance of the forecast from the end, as a part of it."""


def score(seeds: range) -> tuple[Mapping[FactKind, KindScore], Forecasts]:
    """Over the ledgers of all seeds."""
    scores: defaultdict[FactKind, KindScore] = defaultdict(KindScore)
    forecasts = Forecasts()
    for seed in seeds:
        ledger = generate(seed)
        truth = plant(ledger)
        _add_unplanted_truth(ledger, truth)
        snapshot = snapshot_of(ledger)
        facts = find_facts(snapshot)
        _count(scores, truth, facts, {fact.id for fact in choose(facts, snapshot, ())}, seed)
        for fact in facts:
            if fact.kind is FactKind.PACE:
                _score_forecast(forecasts, ledger, fact)
    return scores, forecasts


def snapshot_of(ledger: SimulatedLedger) -> FactSnapshot:
    """What insights knows of the ledger today."""
    past = sorted(ledger.past(), key=lambda spent: spent.day)
    return FactSnapshot(
        currency=CURRENCY,
        today=ledger.today,
        revision=1,
        since=past[0].day,
        payments=[_payment(number, spent) for number, spent in enumerate(past, 1)],
        names={_category(spent): spent.category for spent in past},
    )


def _payment(number: int, spent: GeneratedPayment) -> Payment:
    return Payment(ExpenseId(UUID(int=number)), spent.day, spent.minor, _category(spent), spent.merchant)


def _category(spent: GeneratedPayment) -> CategoryId:
    return CategoryId(uuid5(_NAMES, spent.category))


def _add_unplanted_truth(ledger: SimulatedLedger, truth: PlantedTruth) -> None:
    """Notes what is true without having been planted."""
    stopped = truth.planted[FactKind.STOPPED]
    month = snapshot_of(ledger).typical_month
    for bill in ledger.bills:
        name, charges = fold(bill.merchant), ledger.charges(bill)
        past = [charge for charge in charges if charge.day <= ledger.today]
        if name in stopped or not past:
            continue
        enough = len(past) >= _ENOUGH[bill.every]
        (truth.planted if enough else truth.also)[FactKind.RECURRING].add(name)
        ahead = next((charge for charge in charges if charge.day > ledger.today), None)
        if ahead and enough and ahead.day <= ledger.today + _SOON and past[-1].minor > month * 0.03:
            truth.planted[FactKind.UPCOMING].add(name)
        if ahead and ahead.day <= ledger.today + _ABOUT:
            truth.also[FactKind.UPCOMING].add(name)
    first: dict[str, dt.date] = {}
    for spent in ledger.past():
        first.setdefault(fold(spent.merchant), spent.day)
    truth.also[FactKind.NEW_MERCHANT] |= {name for name, day in first.items() if (ledger.today - day).days < 14}  # noqa: PLR2004
    for kind in (FactKind.LOWEST_MONTH, FactKind.STREAK):
        # Plain arithmetic: what is told is true, planted or not.
        truth.also[kind].add(f"{(ledger.today.replace(day=1) - dt.timedelta(days=1)):%Y-%m}")


def _count(
    scores: defaultdict[FactKind, KindScore], truth: PlantedTruth, facts: list[Fact], chosen: set[str], seed: int
) -> None:
    found: defaultdict[FactKind, set[str]] = defaultdict(set)
    for fact in facts:
        kind, name = fact.kind, name_of(fact)
        found[kind].add(name)
        if name in truth.planted[kind]:
            scores[kind].shown += fact.id in chosen
        elif name in truth.also[kind]:
            scores[kind].true_anyway += 1
        else:
            scores[kind].wrong += 1
            scores[kind].mistaken.append(f"{seed}: {name}")
    for kind, names in truth.planted.items():
        scores[kind].planted += len(names)
        scores[kind].found += len(names & found[kind])
        scores[kind].missed += [f"{seed}: {name}" for name in sorted(names - found[kind])]


def name_of(fact: Fact) -> str:
    """By what the truth knows it."""
    name = _NAMED.get(fact.kind)
    return name(fact) if name else fact.subject


def _amount(fact: Fact) -> int:
    return Money.read(fact.value.value, CURRENCY).minor


_NAMED: Mapping[FactKind, Callable[[Fact], str]] = {
    FactKind.UNUSUAL: lambda fact: f"{fact.period.since} {_amount(fact)}",
    FactKind.DUPLICATE: lambda fact: f"{fact.subject} {fact.period.since} {_amount(fact)}",
    FactKind.CATEGORY_CHANGE: lambda fact: fact.slots["name"].value,
    FactKind.MERCHANT_CHANGE: lambda fact: fold(fact.slots["name"].value),
    FactKind.WEEKDAY_CHANGE: lambda fact: str(fact.evidence.weekday),
    FactKind.LOWEST_MONTH: lambda fact: f"{fact.period.until:%Y-%m}",
    FactKind.STREAK: lambda fact: f"{fact.period.until:%Y-%m}",
}
"""The others by the merchant whom they are about."""


def _score_forecast(forecasts: Forecasts, ledger: SimulatedLedger, fact: Fact) -> None:
    month = month_of(ledger.today)
    end = Decimal(sum(spent.minor for spent in ledger.payments if month.since <= spent.day <= month.until)) / 100
    forecasts.errors.append(float(abs(Decimal(fact.slots[VALUE].value) - end) / end))
    if "low" in fact.slots:
        forecasts.with_range += 1
        forecasts.inside += Decimal(fact.slots["low"].value) <= end <= Decimal(fact.slots["high"].value)
