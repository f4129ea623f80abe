"""The queries that answer questions: typed, read-only, run by our own code."""

import datetime as dt
from enum import StrEnum
from typing import NamedTuple

from services.insights.insights.facts.snapshot import length
from services.insights.periods import Period


class QueryKind(StrEnum):
    """The kind of result."""

    SUM = "sum"
    COUNT = "count"
    TOP = "top"
    COMPARE = "compare"
    GREW = "grew"


class GroupBy(StrEnum):
    """The dimension of a ranking."""

    CATEGORY = "category"
    MERCHANT = "merchant"


class SpendingQuery(NamedTuple):
    """One query. A period that starts at EARLIEST means all time."""

    kind: QueryKind
    period: Period
    before: Period | None = None
    """The period that `compare` and `grew` compare with."""
    about: str = ""
    """A category or merchant in the user's words; empty for everything."""
    by: GroupBy = GroupBy.CATEGORY
    most: int = 5


MAX_QUERIES = 3
MAX_ROWS = 10
EARLIEST = dt.date(1970, 1, 1)


def comparable_period(period: Period, before: Period, today: dt.date) -> Period:
    """Returns the earlier period to compare with. For an unfinished period it is as many days as have passed."""
    if period.until < today:
        return before
    until = before.since + dt.timedelta(days=length(period) - 1)
    return Period(before.since, min(until, before.until))


def year_before(period: Period, years: int = 1) -> Period:
    """Returns the same days that many years before; 29 February becomes the 28th."""
    return Period(_years(period.since, -years), _years(period.until, -years))


def _years(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
