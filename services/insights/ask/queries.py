"""The questions that Outlay can answer: typed, read-only, run by code. Nothing else is ever asked of the figures."""

import datetime as dt
from enum import StrEnum
from typing import NamedTuple

from services.insights.insights.facts.snapshot import length
from services.insights.periods import Period


class QueryKind(StrEnum):
    """What is wanted."""

    SUM = "sum"
    COUNT = "count"
    TOP = "top"
    COMPARE = "compare"
    GREW = "grew"


class GroupBy(StrEnum):
    """What a ranking ranks."""

    CATEGORY = "category"
    MERCHANT = "merchant"


class SpendingQuery(NamedTuple):
    """One question; a period from EARLIEST on is all that there is."""

    kind: QueryKind
    period: Period
    before: Period | None = None
    """What `compare` and `grew` hold it against."""
    about: str = ""
    """A category or a merchant as the person put it; empty is everything."""
    by: GroupBy = GroupBy.CATEGORY
    most: int = 5


MAX_QUERIES = 3
MAX_ROWS = 10
EARLIEST = dt.date(1970, 1, 1)


def comparable_period(period: Period, before: Period, today: dt.date) -> Period:
    """The days to hold a period against: where it is not over, as many of them as it has had."""
    if period.until < today:
        return before
    until = before.since + dt.timedelta(days=length(period) - 1)
    return Period(before.since, min(until, before.until))


def year_before(period: Period, years: int = 1) -> Period:
    """The same days so many years before; 29 February is the 28th there."""
    return Period(_years(period.since, -years), _years(period.until, -years))


def _years(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
