"""Detects recurring payments from their gaps and amounts. Pure.

A run of a merchant's payments is a series where each gap fits one cadence, and amounts are alike enough for so few:
the less alike they are, the more of them it takes. Where all payments of a merchant make none, those of one and the
same amount may.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low
from typing import NamedTuple

from services.insights.insights.facts.payments import Payment

_TWICE = 3
"""Days within which an equal amount counts as a repeated charge."""
_EQUAL = 0.02
"""Amounts that differ by a smaller fraction are one price: exchange rates and rounding."""
_STEP = 1.6
"""Largest factor by which a price rises at once."""
_ALIKE = 1.35
_AT_MOST = 3.0
"""Such as a gas bill in winter against summer."""
_FEWEST_UNLIKE = 6
_MORE_AMONG_MANY = 3
"""One amount among others needs more of a pattern: equal ones of a price list meet a month apart by chance."""
_STEPS_EACH = 6
"""A fixed price changes at most once in so many charges."""


class Cadence(NamedTuple):
    """The interval of charges: `days`, plus or minus `slack`."""

    days: int
    slack: int
    times: int
    """Charges per year."""
    fewest: int
    """Charges needed at a fixed price."""
    only_fixed: bool = False
    """Whether only a fixed price makes a series: weekly shopping is no contract."""


CADENCES = (
    Cadence(7, 1, 52, 6, only_fixed=True),
    Cadence(14, 2, 26, 5, only_fixed=True),
    Cadence(30, 6, 12, 3),
    Cadence(91, 9, 4, 3),
    Cadence(182, 12, 2, 3, only_fixed=True),
    Cadence(365, 15, 1, 2, only_fixed=True),
)


@dataclass(frozen=True)
class RecurringSeries:
    """A series of recurring charges, oldest first, without repeated ones."""

    key: str
    """The merchant's folded name."""
    cadence: Cadence
    charges: Sequence[Payment]
    fixed: bool
    """Whether it has a price, which may have changed."""

    @property
    def last(self) -> Payment:
        """The newest charge."""
        return self.charges[-1]

    @property
    def due(self) -> dt.date:
        """The day on which the next charge is expected."""
        day = self.last.day
        months = {30: 1, 91: 3, 182: 6, 365: 12}.get(self.cadence.days)
        if months is None:
            return day + dt.timedelta(days=self.cadence.days)
        usual = median_low(charge.day.day for charge in self.charges)
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        return _on(year, month + 1, usual)

    @property
    def yearly(self) -> int:
        """The cost of a year: at today's price, or at the mean of the last year's charges."""
        if self.fixed:
            return self.last.minor * self.cadence.times
        year = self.charges[-self.cadence.times :]
        return sum(charge.minor for charge in year) * self.cadence.times // len(year)

    def goes_on(self, today: dt.date) -> bool:
        """Whether the next charge is not long overdue."""
        return today <= self.due + dt.timedelta(days=2 * self.cadence.slack)


def find_series(key: str, payments: Sequence[Payment]) -> Iterator[RecurringSeries]:
    """Yields the series among the payments to one merchant."""
    charges = _once([payment for payment in payments if payment.minor > 0])
    if series := _series(key, charges):
        yield series
        return
    by_amount: defaultdict[int, list[Payment]] = defaultdict(list)
    for charge in charges:
        by_amount[charge.minor].append(charge)
    among_many = [
        series
        for alike in by_amount.values()
        if (series := _series(key, alike)) and len(series.charges) >= series.cadence.fewest + _MORE_AMONG_MANY
    ]
    if len(among_many) == 1:  # several are a price list
        yield among_many[0]


def _once(payments: Iterable[Payment]) -> list[Payment]:
    charges: list[Payment] = []
    for payment in payments:
        near = charges[-1] if charges else None
        if near and near.minor == payment.minor and (payment.day - near.day).days <= _TWICE:
            continue
        charges.append(payment)
    return charges


def _series(key: str, charges: Sequence[Payment]) -> RecurringSeries | None:
    gaps = [(later.day - earlier.day).days for earlier, later in pairwise(charges)]
    if not gaps:
        return None
    usual = median_low(gaps[-6:])
    cadence = next((candidate for candidate in CADENCES if abs(usual - candidate.days) <= candidate.slack), None)
    if cadence is None:
        return None
    run = list(charges[len(charges) - _fitting(gaps, cadence) - 1 :])
    fixed = _is_fixed(run)
    if len(run) < _needed(run, cadence, fixed=fixed):
        return None
    return RecurringSeries(key, cadence, run, fixed)


def _fitting(gaps: Sequence[int], cadence: Cadence) -> int:
    """Returns how many gaps fit, from the newest back. An occasional charge may be missing."""
    fitting, missed = 0, 0
    for gap in reversed(gaps):
        if abs(gap - 2 * cadence.days) <= cadence.slack and missed < (fitting + 1) // _STEPS_EACH:
            missed += 1
        elif abs(gap - cadence.days) > cadence.slack:
            break
        fitting += 1
    return fitting


def _is_fixed(run: Sequence[Payment]) -> bool:
    ratios = [later.minor / earlier.minor for earlier, later in pairwise(run)]
    steps = [ratio for ratio in ratios if abs(ratio - 1) > _EQUAL]
    return len(steps) <= max(1, len(run) // _STEPS_EACH) and all(1 / _STEP <= ratio <= _STEP for ratio in steps)


def _needed(run: Sequence[Payment], cadence: Cadence, *, fixed: bool) -> int:
    if fixed:
        return cadence.fewest
    if cadence.only_fixed:
        return len(run) + 1
    ratios = [later.minor / earlier.minor for earlier, later in pairwise(run)]
    if all(1 / _ALIKE <= ratio <= _ALIKE for ratio in ratios):
        return cadence.fewest + 1
    most = max(charge.minor for charge in run) / min(charge.minor for charge in run)
    return _FEWEST_UNLIKE if most <= _AT_MOST else len(run) + 1


def _on(year: int, month: int, day: int) -> dt.date:
    for last in (day, 30, 29, 28):
        try:
            return dt.date(year, month, min(day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
