"""What facts are computed from: a ledger's payments in its own currency, and sums of them, read at one moment."""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from statistics import median
from uuid import UUID
from zoneinfo import ZoneInfo

from services.insights.insights.facts.payments import Payment, by_merchant, within
from services.insights.insights.facts.series import RecurringSeries, find_series
from services.insights.periods import Period, month_of

HISTORY = 12
"""Whole months before the current one that sums look back on."""

LATE_START = dt.timedelta(days=7)
"""A month whose first payment of all is later than this was not kept from its start."""

MEMORY = 25
"""Whole months before the current one whose payments are read: a yearly payment shows three times."""


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
class FactSnapshot:
    """The payments of one ledger, and sums of them. `today` is its own day, in its own time zone."""

    currency: str
    today: dt.date
    revision: int
    since: dt.date | None
    """Day of the very first payment in the ledger's currency."""
    payments: Sequence[Payment]
    """Oldest first, from MEMORY months before the current month to its end; later than today where dated ahead."""
    names: Mapping[UUID, str]
    """Of categories."""

    @cached_property
    def days(self) -> Sequence[DaySum]:
        """From HISTORY months before the current month to its end."""
        looked_at = Period(month_before(self.today, HISTORY).since, month_of(self.today).until)
        days = groupby(within(self.payments, looked_at), key=lambda payment: payment.day)
        amounts = ((day, [payment.minor for payment in payments]) for day, payments in days)
        return tuple(DaySum(day, sum(minors), len(minors)) for day, minors in amounts)

    @cached_property
    def categories(self) -> Sequence[CategorySum]:
        """Those with payments in the current month, up to today."""
        sums = defaultdict[UUID, int](int)
        for payment in within(self.payments, self.so_far):
            sums[payment.category] += payment.minor
        return tuple(CategorySum(category, self.names.get(category, ""), minor) for category, minor in sums.items())

    @cached_property
    def merchants(self) -> Mapping[str, Sequence[Payment]]:
        """Up to today, by merchant as names are compared, each oldest first; those without one are left out."""
        return by_merchant(self.until_today)

    @cached_property
    def series(self) -> Sequence[RecurringSeries]:
        """Payments that come back by themselves, going or stopped."""
        return [found for key, payments in self.merchants.items() for found in find_series(key, payments)]

    @cached_property
    def charged(self) -> frozenset[UUID]:
        """Ids of all payments that are part of a series."""
        return frozenset(charge.id for series in self.series for charge in series.charges)

    @cached_property
    def by_category(self) -> Mapping[UUID, Sequence[Payment]]:
        """Up to today, by category, each oldest first."""
        found: dict[UUID, list[Payment]] = {}
        for payment in self.until_today:
            found.setdefault(payment.category, []).append(payment)
        return found

    @cached_property
    def until_today(self) -> Sequence[Payment]:
        """Without those that are dated ahead."""
        return self.payments[: bisect_right(self.payments, self.today, key=lambda payment: payment.day)]

    @cached_property
    def whole_months(self) -> Sequence[Period]:
        """Those before this one that were kept from their first days on, and have payments; the latest first."""
        months = (month_before(self.today, back) for back in range(1, HISTORY + 1))
        return [month for month in months if self.since and self.since < month.since + LATE_START and self.count(month)]

    @cached_property
    def same_days(self) -> Sequence[Period]:
        """This month from the 1st on, and as many days of those before it that were kept; the latest first.

        The days are those that this month has so far, the one before and that of a year ago too.
        """
        last = min(self.today.day, length(month_before(self.today)), length(month_before(self.today, HISTORY)))
        months = [month_of(self.today), *(month_before(self.today, back) for back in range(1, HISTORY + 1))]
        kept = [month for month in months if self.since and self.since < month.since + LATE_START]
        return [Period(month.since, month.since.replace(day=min(last, length(month)))) for month in kept]

    @cached_property
    def typical_month(self) -> int:
        """The median of the whole months, or what this one has brought; never below one minor unit."""
        totals = [self.total(month) for month in self.whole_months] or [self.total(self.so_far)]
        return max(1, int(median(totals)))

    @property
    def so_far(self) -> Period:
        """The current month up to today."""
        return Period(self.today.replace(day=1), self.today)

    def total(self, period: Period) -> int:
        """Minor units spent in the period."""
        return sum(day.total for day in self.days if period.since <= day.day <= period.until)

    def refunded(self, period: Period) -> int:
        """Minor units that came back in the period."""
        return -sum(min(payment.minor, 0) for payment in within(self.payments, period))

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


def own_day(time_zone: str, now: dt.datetime) -> dt.date:
    """The day it is in a time zone; UTC's where the zone is not known here."""
    try:
        return now.astimezone(ZoneInfo(time_zone)).date()
    except (ValueError, OSError, KeyError):  # ZoneInfo's own ways to say no, a folder's name included
        return now.astimezone(dt.UTC).date()
