"""Scenarios that are planted in a generated ledger. Each changes payments, and records the expected facts."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.truth.generator import PlantedBill, PlantedHabit
from bench.truth.population import GeneratedPayment, SimulatedLedger, purchase
from contracts.text import fold
from services.insights.insights.facts.fact import FactKind
from services.insights.insights.facts.robust_statistics import at_quantile
from services.insights.insights.facts.snapshot import month_before

STEADY = 0.8
"""Habits whose amounts spread more than this have no usual amount to be far from."""


@dataclass
class PlantedTruth:
    """By kind, the names of what must be found, and of what may be told because it is true as well."""

    planted: defaultdict[FactKind, set[str]] = field(default_factory=lambda: defaultdict(set))
    also: defaultdict[FactKind, set[str]] = field(default_factory=lambda: defaultdict(set))
    bills: set[str] = field(default_factory=set)
    """Merchants of bills that something was done to; one thing each is enough."""


def price_rise(ledger: SimulatedLedger, truth: PlantedTruth) -> None:
    """A price that has not moved rises by 4 to 30 %, one to three charges ago."""
    if bill := _bill(ledger, truth, lambda bill: bill.every in {1, 3} and not (bill.wobble or bill.winter)):
        past = _past(ledger, bill)
        rise = 1 + ledger.chance.uniform(0.04, 0.30)
        first = past[-ledger.chance.randint(1, 3 if bill.every == 1 else 1)]
        for charge in ledger.charges(bill):
            if charge.day >= first.day:
                charge.minor = round(charge.minor * rise)
        if first.day > ledger.today - dt.timedelta(days=100):
            truth.planted[FactKind.PRICE_RISE].add(fold(bill.merchant))


def stopped(ledger: SimulatedLedger, truth: PlantedTruth) -> None:
    """A monthly bill charges for the last time six to twelve weeks ago."""
    if bill := _bill(ledger, truth, lambda bill: bill.every == 1):
        ends = [
            charge.day
            for charge in _past(ledger, bill)[4:]
            if dt.timedelta(days=45) < ledger.today - charge.day < dt.timedelta(days=85)
        ]
        if ends:
            last = ledger.chance.choice(ends)
            ledger.payments = [one for one in ledger.payments if one.merchant != bill.merchant or one.day <= last]
            truth.planted[FactKind.STOPPED].add(fold(bill.merchant))


def duplicate(ledger: SimulatedLedger, truth: PlantedTruth) -> None:
    """Something that costs more than most things is charged twice."""
    most = at_quantile((spent.minor for spent in ledger.past()), 0.55)
    alone = {merchant for habit in ledger.habits if not habit.pairs for merchant in habit.merchants}
    alone |= {bill.merchant for bill in ledger.bills}
    recent = [spent for spent in _recent(ledger, 28) if spent.minor >= most and spent.merchant in alone]
    if recent:
        twice = ledger.chance.choice(recent)
        ledger.payments.append(GeneratedPayment(twice.day, twice.minor, twice.category, twice.merchant))
        truth.planted[FactKind.DUPLICATE].add(f"{fold(twice.merchant)} {twice.day} {twice.minor}")


def new_merchant(ledger: SimulatedLedger, truth: PlantedTruth) -> None:
    """More than usual is paid to a new merchant."""
    large = at_quantile((spent.minor for spent in ledger.past()), 0.8)
    habit = ledger.chance.choice(ledger.habits)
    day = ledger.today - dt.timedelta(days=ledger.chance.randrange(12))
    name = f"Kite & Kayak {ledger.seed}"
    amount = round(large * ledger.chance.uniform(1.1, 3))
    ledger.payments.append(GeneratedPayment(day, amount, habit.category, name))
    truth.planted[FactKind.NEW_MERCHANT].add(fold(name))
    truth.also[FactKind.UNUSUAL].add(f"{day} {amount}")


def unusual(ledger: SimulatedLedger, truth: PlantedTruth) -> None:
    """Four to twelve times as much as is usual is paid where one often goes."""
    steady = [habit for habit in ledger.habits if habit.sigma < STEADY and not habit.months]
    often = [
        (habit, merchant)
        for habit in steady
        for merchant in habit.merchants
        if sum(1 for spent in ledger.past() if spent.merchant == merchant) > 20  # noqa: PLR2004 - often
    ]
    if often:
        habit, merchant = ledger.chance.choice(often)
        day = ledger.today - dt.timedelta(days=ledger.chance.randrange(25))
        amount = round(habit.typical * ledger.chance.uniform(4, 12))
        ledger.payments.append(GeneratedPayment(day, amount, habit.category, merchant))
        truth.planted[FactKind.UNUSUAL].add(f"{day} {amount}")


def category_change(ledger: SimulatedLedger, truth: PlantedTruth) -> None:
    """A habit is had two to three times as often this month, or hardly at all."""
    if (habit := _frequent(ledger)) is None:
        return
    own = _had(ledger, habit)
    if ledger.chance.random() < 0.6:  # noqa: PLR2004 - mostly more
        _more(ledger, habit, round(len(own) * ledger.chance.uniform(1.2, 2.0)))
    else:
        gone = set(map(id, own[1:] if len(own) < 8 else own[2:]))  # noqa: PLR2004 - hardly
        ledger.payments = [spent for spent in ledger.payments if id(spent) not in gone]
    truth.planted[FactKind.CATEGORY_CHANGE].add(habit.category)
    truth.also[FactKind.MERCHANT_CHANGE] |= set(map(fold, habit.merchants))


def merchant_change(ledger: SimulatedLedger, truth: PlantedTruth) -> None:
    """One merchant is visited three to four times as often this month."""
    if (habit := _frequent(ledger)) is None:
        return
    merchant = ledger.chance.choice(habit.merchants)
    own = [spent for spent in _this_month(ledger) if spent.merchant == merchant]
    _more(ledger, habit, round(max(2, len(own)) * ledger.chance.uniform(2, 3)), merchant)
    truth.planted[FactKind.MERCHANT_CHANGE].add(fold(merchant))
    truth.also[FactKind.CATEGORY_CHANGE].add(habit.category)


def weekday_change(ledger: SimulatedLedger, truth: PlantedTruth) -> None:
    """One day of the week costs three times as much as it did, for four weeks."""
    weekday = ledger.chance.randint(1, 7)
    own = [spent for spent in _recent(ledger, 28) if spent.day.isoweekday() == weekday]
    habits = [habit for habit in ledger.habits if not habit.months and habit.sigma < STEADY]
    usual = sum(spent.minor for spent in own if spent.category in {habit.category for habit in habits})
    added = 0
    while added < 2 * max(usual, 4 * 3_000):
        habit = ledger.chance.choice(habits)
        day = ledger.today - dt.timedelta(
            days=(ledger.today.isoweekday() - weekday) % 7 + 7 * ledger.chance.randrange(4)
        )
        extra = list(purchase(ledger, habit, day))
        added += sum(spent.minor for spent in extra)
        ledger.payments += extra
    truth.planted[FactKind.WEEKDAY_CHANGE].add(str(weekday))
    truth.also[FactKind.CATEGORY_CHANGE] |= {habit.category for habit in habits}
    truth.also[FactKind.MERCHANT_CHANGE] |= {fold(merchant) for habit in habits for merchant in habit.merchants}


def lowest_month(ledger: SimulatedLedger, truth: PlantedTruth) -> None:
    """In the last whole month half of the usual is bought."""
    last = month_before(ledger.today)
    if month_before(ledger.today, 7).since >= ledger.since:
        _fewer(ledger, last.since, 0.55)
        truth.planted[FactKind.LOWEST_MONTH].add(f"{last.since:%Y-%m}")


def streak(ledger: SimulatedLedger, truth: PlantedTruth) -> None:
    """For three months less is bought in each."""
    if month_before(ledger.today, 5).since >= ledger.since:
        for back, part in ((3, 0.18), (2, 0.36), (1, 0.54)):
            _fewer(ledger, month_before(ledger.today, back).since, part)
        truth.planted[FactKind.STREAK].add(f"{month_before(ledger.today).since:%Y-%m}")


def _fewer(ledger: SimulatedLedger, month: dt.date, part: float) -> None:
    bills = {bill.merchant for bill in ledger.bills}
    ledger.payments = [
        spent
        for spent in ledger.payments
        if spent.day.replace(day=1) != month or spent.merchant in bills or ledger.chance.random() > part
    ]


def _more(ledger: SimulatedLedger, habit: PlantedHabit, count: int, merchant: str = "") -> None:
    for _ in range(count):
        day = ledger.today.replace(day=ledger.chance.randint(1, ledger.today.day))
        ledger.payments += purchase(ledger, habit, day, merchant)


def _frequent(ledger: SimulatedLedger) -> PlantedHabit | None:
    """A habit that shows, and that is had often enough to tell more from less."""
    if ledger.today.day < 9:  # noqa: PLR2004 - a month of a few days tells nothing
        return None
    month = sum(spent.minor for spent in _this_month(ledger))
    habits = []
    for habit in ledger.habits:
        own = [spent.minor for spent in _had(ledger, habit)]
        if len(own) > 3 and sum(own) > month * 0.04 and habit.sigma < STEADY and not habit.months:  # noqa: PLR2004
            habits.append(habit)
    return ledger.chance.choice(habits) if habits else None


def _had(ledger: SimulatedLedger, habit: PlantedHabit) -> Sequence[GeneratedPayment]:
    """What was bought by habit this month; a bill may have the same category."""
    bills = {bill.merchant for bill in ledger.bills}
    return [spent for spent in _this_month(ledger) if spent.category == habit.category and spent.merchant not in bills]


def _this_month(ledger: SimulatedLedger) -> Sequence[GeneratedPayment]:
    return [spent for spent in ledger.past() if spent.day >= ledger.today.replace(day=1)]


def _recent(ledger: SimulatedLedger, days: int) -> Sequence[GeneratedPayment]:
    return [spent for spent in ledger.past() if spent.day > ledger.today - dt.timedelta(days=days)]


def _past(ledger: SimulatedLedger, bill: PlantedBill) -> Sequence[GeneratedPayment]:
    return [charge for charge in ledger.charges(bill) if charge.day <= ledger.today]


def _bill(ledger: SimulatedLedger, truth: PlantedTruth, fit: Callable[[PlantedBill], bool]) -> PlantedBill | None:
    """One that has charged for a while."""
    known = [
        bill
        for bill in ledger.bills
        if fit(bill) and bill.merchant not in truth.bills and len(_past(ledger, bill)) > 4  # noqa: PLR2004
    ]
    if not known:
        return None
    bill = ledger.chance.choice(known)
    truth.bills.add(bill.merchant)
    return bill


SINGLE = (price_rise, stopped, duplicate, new_merchant, unusual)
"""Each is planted in half of the ledgers."""
SHIFTS = (category_change, merchant_change, weekday_change, lowest_month, streak)
"""One of them at most, for each bends what the others are measured by."""


def plant(ledger: SimulatedLedger) -> PlantedTruth:
    """What is in the ledger now, beside what lived in it anyway."""
    truth = PlantedTruth()
    if ledger.chance.random() < 0.75:  # noqa: PLR2004
        ledger.chance.choice(SHIFTS)(ledger, truth)
    for one in SINGLE:
        if ledger.chance.random() < 0.5:  # noqa: PLR2004
            one(ledger, truth)
    ledger.payments.sort(key=lambda spent: spent.day)
    return truth
