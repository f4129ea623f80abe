"""For each kind of fact a ledger in which it is true, plain enough to be worked out by hand."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle

from services.insights.insights.facts.fact import FactKind
from tests.support.facts import Payment, day

TODAY = "2026-11-22"
"""A Sunday."""

MONTHS = [f"{year}-{month:02d}" for year in (2025, 2026) for month in range(1, 13)][8:23]
"""From September 2025 to November 2026."""


def shopping(first: str = "2025-09-01", last: str = TODAY) -> list[Payment]:
    """Food every third day, for 28 to 34 euros: about 310 a month."""
    amounts = cycle([2_800, 3_100, 3_400, 3_000, 3_300])
    days = (day(last) - day(first)).days
    on = [(day(first) + dt.timedelta(days=after)).isoformat() for after in range(0, days + 1, 3)]
    return [(one, amount, "Food", "Market") for one, amount in zip(on, amounts, strict=False)]


def monthly(merchant: str, category: str, on: int, amounts: Mapping[str, int]) -> list[Payment]:
    """One charge a month: `amounts` says from which month on how much; 0 ends it."""
    charges: list[Payment] = []
    amount = 0
    for month in MONTHS:
        amount = amounts.get(month, amount)
        charges += [(f"{month}-{on:02d}", amount, category, merchant)] if amount else []
    return [charge for charge in charges if charge[0] <= TODAY]


def outings(merchants: Sequence[str], usual: int, this_month: int) -> list[Payment]:
    """Up to fourteen a month, for nearly the same each."""
    places, odd = cycle(merchants), cycle([-90, 40, 0, 70, -20, 110, -60])
    return [
        (f"{month}-{on:02d}", (this_month if month == MONTHS[-1] else usual) + next(odd), "Fun", next(places))
        for month in MONTHS
        for on in range(2, 28, 2)
        if f"{month}-{on:02d}" <= TODAY
    ]


def _saturdays() -> Iterator[Payment]:
    odd = cycle(range(-95, 96, 37))
    for back in range(56):
        on = day("2026-11-21") - dt.timedelta(weeks=back)
        for number, place in enumerate(("Odeon", "Pool", "Arcade")):
            yield on.isoformat(), (6_000 if back < 4 else 2_000) + back * 7 % 61 + number + next(odd), "Fun", place


def _falling() -> list[Payment]:
    extra = {"2025-09": 9_000, "2026-07": 7_000, "2026-08": 5_000, "2026-09": 3_000, "2026-10": 1_000}
    return [payment for on in (4, 11) for payment in monthly("Club", "Fun", on, extra)]


def _dinners() -> list[Payment]:
    dinners = [("2026-06-03", 5_210), ("2026-08-21", 7_130), ("2026-10-02", 4_890), ("2026-11-13", 6_480)]
    return [(on, amount, "Fun", "SAFFRON") for on, amount in dinners]


def _light_october() -> list[Payment]:
    return [payment for payment in shopping() if not "2026-10-08" < payment[0] < "2026-10-25"]


LEDGERS: Mapping[FactKind, Sequence[Payment]] = {
    FactKind.LARGEST_CATEGORY: shopping(),
    FactKind.CHANGE: shopping(),
    FactKind.PACE: shopping(),
    FactKind.CATEGORY_CHANGE: shopping() + outings(["Odeon", "Pool", "Arcade"], 1_500, 4_000),
    FactKind.MERCHANT_CHANGE: shopping() + outings(["Odeon"], 1_500, 4_000),
    FactKind.WEEKDAY_CHANGE: [*shopping(), *_saturdays()],
    FactKind.UNUSUAL: [*shopping(), ("2026-11-19", 31_250, "Food", "market")],
    FactKind.DUPLICATE: [*shopping(), *_dinners(), ("2026-11-13", 6_480, "Fun", "Saffron")],
    FactKind.NEW_MERCHANT: [*shopping(), ("2026-11-18", 7_900, "Fun", "Kayak"), ("2026-11-20", -900, "Fun", "kayak")],
    FactKind.RECURRING: shopping() + monthly("Stream", "Fun", 17, {"2025-09": 1_399}),
    FactKind.PRICE_RISE: shopping() + monthly("Stream", "Fun", 17, {"2025-09": 1_099, "2026-09": 1_399}),
    FactKind.STOPPED: shopping() + monthly("Gym", "Sport", 3, {"2025-09": 3_900, "2026-10": 0}),
    FactKind.UPCOMING: shopping() + monthly("Insurer", "Home", 25, {"2025-09": 4_250}),
    FactKind.LOWEST_MONTH: _light_october(),
    FactKind.STREAK: shopping() + _falling(),
}
