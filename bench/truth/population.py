"""A generated ledger: a user's habits and bills over months, from a seed, with planted scenarios."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import log

from bench.truth.generator import BILLS, HABITS, PlantedBill, PlantedHabit
from services.insights.insights.facts.snapshot import month_before
from services.insights.periods import Period, month_of

INFLATION = 0.03
"""A year."""
WINTER = (11, 12, 1, 2)
SATURDAY = 5


@dataclass
class GeneratedPayment:
    """One payment."""

    day: dt.date
    minor: int
    category: str
    merchant: str


@dataclass
class SimulatedLedger:
    """One person's payments, to the end of the next month; those after `today` are the future, to judge by."""

    seed: int
    chance: random.Random
    today: dt.date
    since: dt.date
    habits: list[PlantedHabit]
    bills: list[PlantedBill]
    payments: list[GeneratedPayment] = field(default_factory=list)

    @property
    def period(self) -> Period:
        """Returns all days of the ledger, past and future."""
        return Period(self.since, month_of(month_of(self.today).until + dt.timedelta(days=1)).until)

    def past(self) -> list[GeneratedPayment]:
        """Returns the payments of the ledger up to today."""
        return [spent for spent in self.payments if spent.day <= self.today]

    def charges(self, bill: PlantedBill) -> list[GeneratedPayment]:
        """What a bill has charged, and will charge."""
        return [spent for spent in self.payments if spent.merchant == bill.merchant]


def generate(seed: int) -> SimulatedLedger:
    """Returns the ledger of a seed, without planted scenarios."""
    chance = random.Random(f"outlay truth {seed}")  # noqa: S311 - made up for a measurement
    today = dt.date(2026, 1, 1) + dt.timedelta(days=chance.randrange(365))
    since = month_before(today, chance.choice([7, 10, 14, 19, 26])).since + dt.timedelta(days=chance.randrange(5))
    ledger = SimulatedLedger(seed, chance, today, since, _habits(chance), chance.sample(BILLS, chance.randint(5, 11)))
    for habit in ledger.habits:
        ledger.payments += _purchases(ledger, habit)
    for bill in ledger.bills:
        ledger.payments += _bill_charges(ledger, bill)
    ledger.payments.sort(key=lambda spent: spent.day)
    return ledger


def _habits(chance: random.Random) -> list[PlantedHabit]:
    scale = chance.lognormvariate(0, 0.35)
    chosen = [HABITS[0], *chance.sample(HABITS[1:], chance.randint(9, 15))]
    return [
        PlantedHabit(
            **{
                **vars(habit),
                "weekdays": min(0.9, habit.weekdays * chance.lognormvariate(0, 0.3)),
                "weekend": min(0.95, habit.weekend * chance.lognormvariate(0, 0.3)),
                "typical": round(habit.typical * scale),
                "prices": tuple(round(price * scale / 10) * 10 for price in habit.prices),
            }
        )
        for habit in chosen
    ]


def _purchases(ledger: SimulatedLedger, habit: PlantedHabit) -> Iterator[GeneratedPayment]:
    chance, months = ledger.chance, dict[dt.date, float]()
    away = {month: chance.random() < 0.06 for month in range(13)}  # noqa: PLR2004 - months in which little is bought
    day = ledger.period.since
    while day <= ledger.period.until:
        mood = months.setdefault(day.replace(day=1), chance.lognormvariate(0, 0.12))
        often = (habit.weekend if day.weekday() >= SATURDAY else habit.weekdays) * mood
        in_season = not habit.months or day.month in habit.months
        quiet = away[day.month] and day.day <= 10  # noqa: PLR2004 - a holiday
        if in_season and not quiet and chance.random() < often:
            yield from purchase(ledger, habit, day)
        day += dt.timedelta(days=1)


def purchase(
    ledger: SimulatedLedger, habit: PlantedHabit, day: dt.date, merchant: str = ""
) -> Iterator[GeneratedPayment]:
    """One purchase, at times two at once, with a refund now and then, or without a merchant."""
    chance = ledger.chance
    dearer = (1 + INFLATION) ** ((day - ledger.since).days / 365)
    amount = chance.choice(habit.prices) if habit.prices else chance.lognormvariate(log(habit.typical), habit.sigma)
    minor = round(amount if habit.prices else amount * dearer)
    if not merchant and chance.random() < habit.strangers:
        merchant = f"{habit.category} {chance.randrange(10**6)}"
    merchant = merchant or chance.choice(habit.merchants)
    shown = "" if chance.random() < 0.04 else merchant.upper() if chance.random() < 0.04 else merchant  # noqa: PLR2004
    for _ in range(1 + (chance.random() < habit.pairs)):
        yield GeneratedPayment(day, minor, habit.category, shown)
    if chance.random() < 0.006:  # noqa: PLR2004 - something is brought back
        yield GeneratedPayment(min(day + dt.timedelta(days=3), ledger.period.until), -minor, habit.category, shown)


def _bill_charges(ledger: SimulatedLedger, bill: PlantedBill) -> Iterator[GeneratedPayment]:
    chance, on = ledger.chance, ledger.chance.randint(1, 28)
    month = chance.randrange(max(bill.every, 1))
    day = ledger.since + dt.timedelta(days=chance.randrange(7))
    while bill.every == 0 and day <= ledger.period.until:
        yield _charge(ledger, bill, day)
        day += dt.timedelta(days=7)
    first = ledger.since.replace(day=1)
    while bill.every and first <= ledger.period.until:
        if (first.year * 12 + first.month) % bill.every == month:
            yield _charge(ledger, bill, first.replace(day=on))
        first = month_of(first).until + dt.timedelta(days=1)


def _charge(ledger: SimulatedLedger, bill: PlantedBill, day: dt.date) -> GeneratedPayment:
    chance = ledger.chance
    late = day + dt.timedelta(days=chance.randint(0, bill.late))
    if bill.every and late.weekday() >= SATURDAY:
        late += dt.timedelta(days=7 - late.weekday())
    amount = bill.amount * (1 + chance.uniform(-bill.wobble, bill.wobble))
    return GeneratedPayment(
        late, round(amount * (1 + bill.winter * (day.month in WINTER))), bill.category, bill.merchant
    )
