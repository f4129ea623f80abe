"""What facts are computed from: sums of a ledger's payments in its own currency, read at one moment."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from services.insights.periods import Period, month_of

Now = Callable[[], dt.datetime]

HISTORY = 12
"""Whole months before the current one that facts look back on."""


@dataclass(frozen=True)
class DaySum:
    """A day with payments."""

    day: dt.date
    total: int
    """Minor units; refunds are negative."""
    count: int


@dataclass(frozen=True)
class CategorySum:
    """A category with payments in the current month, up to today."""

    id: UUID
    name: str
    total: int


@dataclass(frozen=True)
class Ground:
    """The sums of one ledger. `today` is its own day, in its own time zone."""

    currency: str
    today: dt.date
    revision: int
    since: dt.date | None
    """Day of the very first payment in the ledger's currency."""
    days: tuple[DaySum, ...]
    """From HISTORY months before the current month to its end; later than today where dated ahead."""
    categories: tuple[CategorySum, ...]

    @property
    def so_far(self) -> Period:
        """The current month up to today."""
        return Period(self.today.replace(day=1), self.today)

    def total(self, period: Period) -> int:
        """Minor units spent in the period."""
        return sum(day.total for day in self.days if period.since <= day.day <= period.until)

    def count(self, period: Period) -> int:
        """Payments in the period."""
        return sum(day.count for day in self.days if period.since <= day.day <= period.until)


def month_before(day: dt.date, back: int = 1) -> Period:
    """The whole month so many months before the one that the day is in."""
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return month_of(dt.date(year, month + 1, 1))


def length(period: Period) -> int:
    """How many days, both ends included."""
    return (period.until - period.since).days + 1


def utc_now() -> dt.datetime:
    """The moment it is."""
    return dt.datetime.now(dt.UTC)


def own_day(time_zone: str, now: dt.datetime) -> dt.date:
    """The day it is in a time zone; UTC's where the zone is not known here."""
    try:
        return now.astimezone(ZoneInfo(time_zone)).date()
    except (ValueError, OSError, KeyError):  # ZoneInfo's own ways to say no, a folder's name included
        return now.astimezone(dt.UTC).date()
