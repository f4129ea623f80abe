"""The forecast of the month's end beside simple ones, on five days of every month with six months before it."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from bench.hindsight.ledgers import RecordedLedger
from contracts.money import decimals
from services.insights.insights.facts.fact import VALUE, Fact, FactKind
from services.insights.periods import month_of

DAYS = (3, 8, 13, 18, 23)
FEWEST_MONTHS = 6
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class ForecastCase:
    """One day of one month: how far each forecast is from the end, as a part of it."""

    day: int
    errors: Mapping[str, float]
    covered: bool | None
    """Whether the told range holds the end; None without a range."""
    nominal: float
    """The probability with which the range claims to hold it."""


def forecast_days(ledger: RecordedLedger) -> Iterator[dt.date]:
    """Yields the days on which forecasts are compared."""
    months = list(ledger.months())
    for month in months[FEWEST_MONTHS:]:
        yield from (month.replace(day=day) for day in DAYS)


def compare(ledger: RecordedLedger, today: dt.date, facts: Sequence[Fact]) -> ForecastCase | None:
    """Compares the told forecast with the simple ones; None where none was told or the month came to nothing."""
    pace = next((fact for fact in facts if fact.kind is FactKind.PACE), None)
    end = ledger.total(*month_of(today))
    if pace is None or end <= 0:
        return None
    told = _minor(pace.slots[VALUE].value, ledger.currency)
    errors = {"told": abs(told - end) / end}
    errors |= {name: abs(rule(ledger, today) - end) / end for name, rule in BASELINES.items()}
    if "low" not in pace.slots:
        return ForecastCase(today.day, errors, None, 0)
    low, high = (_minor(pace.slots[name].value, ledger.currency) for name in ("low", "high"))
    months = int(pace.slots["months"].value)
    return ForecastCase(today.day, errors, low <= end <= high, (months - 1) / (months + 1))


def _minor(value: str, currency: str) -> float:
    return float(Decimal(value).scaleb(decimals(currency) or 0))


def _linear(ledger: RecordedLedger, today: dt.date) -> float:
    month = month_of(today)
    return ledger.total(month.since, today) / today.day * month.until.day


def _earlier(ledger: RecordedLedger, today: dt.date, count: int) -> list[int]:
    totals, month = [], month_of(today)
    for _ in range(count):
        month = month_of(month.since - _DAY)
        totals.append(ledger.total(*month))
    return totals


def _last_month(ledger: RecordedLedger, today: dt.date) -> float:
    return max(_earlier(ledger, today, 1)[0], ledger.total(month_of(today).since, today))


def _median_of_six(ledger: RecordedLedger, today: dt.date) -> float:
    return max(median(_earlier(ledger, today, 6)), ledger.total(month_of(today).since, today))


def _year_ago(ledger: RecordedLedger, today: dt.date) -> float:
    if ledger.first_day > today - dt.timedelta(days=365 + today.day):
        return _median_of_six(ledger, today)
    return max(_earlier(ledger, today, 12)[-1], ledger.total(month_of(today).since, today))


BASELINES: Mapping[str, Callable[[RecordedLedger, dt.date], float]] = {
    "linear": _linear,
    "last month": _last_month,
    "median of six": _median_of_six,
    "a year ago": _year_ago,
}
"""Simple forecasts; none is below what is spent already, but for `linear`."""
