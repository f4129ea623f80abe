"""The input of facts: a ledger's payments in its own currency, and sums of them, at one revision."""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from statistics import median
from zoneinfo import ZoneInfo

from contracts.ids import CategoryId, ExpenseId
from services.insights.insights.facts.payments import Payment, by_merchant, within
from services.insights.insights.facts.series import RecurringSeries, find_series
from services.insights.periods import Period, month_of

HISTORY = 12
"""Whole months before the current one that sums cover."""

LATE_START = dt.timedelta(days=7)
"""A ledger whose first payment is later in a month than this does not cover that month."""

MEMORY = 25
"""Whole months before the current one whose payments are read, so that a yearly payment occurs three times."""


@dataclass(frozen=True)
class DaySum:
    """A day with payments."""

    day: dt.date
    total: int
    """In minor units; refunds are negative."""
    count: int


@dataclass(frozen=True)
class CategorySum:
    """A category with payments in the current month, up to today."""

    id: CategoryId
    name: str
    total: int


@dataclass(frozen=True)
class FactSnapshot:
    """The payments of one ledger, and sums of them. `today` is the day in the ledger's time zone."""

    currency: str
    today: dt.date
    revision: int
    since: dt.date | None
    """Day of the first payment in the ledger's currency."""
    payments: Sequence[Payment]
    """Oldest first, from MEMORY months before the current month to its end, including payments dated ahead."""
    names: Mapping[CategoryId, str]
    """Names of categories."""

    @cached_property
    def days(self) -> Sequence[DaySum]:
        """Sums of days, from HISTORY months before the current month to its end."""
        looked_at = Period(month_before(self.today, HISTORY).since, month_of(self.today).until)
        days = groupby(within(self.payments, looked_at), key=lambda payment: payment.day)
        amounts = ((day, [payment.minor for payment in payments]) for day, payments in days)
        return tuple(DaySum(day, sum(minors), len(minors)) for day, minors in amounts)

    @cached_property
    def categories(self) -> Sequence[CategorySum]:
        """Sums of categories in the current month, up to today."""
        sums = defaultdict[CategoryId, int](int)
        for payment in within(self.payments, self.so_far):
            sums[payment.category] += payment.minor
        return tuple(CategorySum(category, self.names.get(category, ""), minor) for category, minor in sums.items())

    @cached_property
    def merchants(self) -> Mapping[str, Sequence[Payment]]:
        """Payments up to today by folded merchant name, oldest first; those without a merchant are left out."""
        return by_merchant(self.until_today)

    @cached_property
    def series(self) -> Sequence[RecurringSeries]:
        """The recurring series, active or stopped."""
        return [recurring for key, payments in self.merchants.items() for recurring in find_series(key, payments)]

    @cached_property
    def charged(self) -> frozenset[ExpenseId]:
        """Ids of all payments that are part of a series."""
        return frozenset(charge.id for series in self.series for charge in series.charges)

    @cached_property
    def by_category(self) -> Mapping[CategoryId, Sequence[Payment]]:
        """Payments up to today by category, oldest first."""
        groups: dict[CategoryId, list[Payment]] = {}
        for payment in self.until_today:
            groups.setdefault(payment.category, []).append(payment)
        return groups

    @cached_property
    def until_today(self) -> Sequence[Payment]:
        """Payments without those dated ahead."""
        return self.payments[: bisect_right(self.payments, self.today, key=lambda payment: payment.day)]

    @cached_property
    def whole_months(self) -> Sequence[Period]:
        """Earlier months that the ledger covers from their first days, and that have payments; the latest first."""
        months = (month_before(self.today, back) for back in range(1, HISTORY + 1))
        return [month for month in months if self.since and self.since < month.since + LATE_START and self.count(month)]

    @cached_property
    def same_days(self) -> Sequence[Period]:
        """This month from the 1st on, and the same days of earlier months that the ledger covers; the latest first.

        Only days that this month has so far, and that the month before and the one a year ago have too.
        """
        last = min(self.today.day, length(month_before(self.today)), length(month_before(self.today, HISTORY)))
        months = [month_of(self.today), *(month_before(self.today, back) for back in range(1, HISTORY + 1))]
        covered = [month for month in months if self.since and self.since < month.since + LATE_START]
        return [Period(month.since, month.since.replace(day=min(last, length(month)))) for month in covered]

    @cached_property
    def typical_month(self) -> int:
        """The median of the whole months, or this month's sum so far; at least one minor unit."""
        totals = [self.total(month) for month in self.whole_months] or [self.total(self.so_far)]
        return max(1, int(median(totals)))

    @property
    def so_far(self) -> Period:
        """The current month up to today."""
        return Period(self.today.replace(day=1), self.today)

    def total(self, period: Period) -> int:
        """Returns the minor units spent in the period."""
        return sum(day.total for day in self.days if period.since <= day.day <= period.until)

    def refunded(self, period: Period) -> int:
        """Returns the minor units refunded in the period."""
        return -sum(min(payment.minor, 0) for payment in within(self.payments, period))

    def count(self, period: Period) -> int:
        """Returns the number of payments in the period."""
        return sum(day.count for day in self.days if period.since <= day.day <= period.until)


def month_before(day: dt.date, back: int = 1) -> Period:
    """Returns the whole month so many months before that of the day."""
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return month_of(dt.date(year, month + 1, 1))


def length(period: Period) -> int:
    """Returns the number of days, both ends included."""
    return (period.until - period.since).days + 1


def own_day(time_zone: str, now: dt.datetime) -> dt.date:
    """Returns the current day in a time zone; in UTC if the zone is unknown."""
    try:
        return now.astimezone(ZoneInfo(time_zone)).date()
    except (ValueError, OSError, KeyError):  # ZoneInfo's errors for unknown names, including names of folders
        return now.astimezone(dt.UTC).date()
