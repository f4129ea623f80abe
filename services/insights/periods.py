"""Periods of days: months, edges, buckets. Pure."""

import calendar
import datetime as dt
from enum import StrEnum
from typing import NamedTuple

from contracts.days import WeekStart


class Bucket(StrEnum):
    """The size of a bucket."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Period(NamedTuple):
    """Days from `since` to `until`, both inclusive."""

    since: dt.date
    until: dt.date


class PeriodParts(NamedTuple):
    """A period as whole months (`first` to `last`, first days, both inclusive), and days before and after them."""

    months: Period | None
    days: tuple[Period, ...]


def month_of(day: dt.date) -> Period:
    """Returns the month of the day."""
    return Period(day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1]))


def split(period: Period) -> PeriodParts:
    """Splits a period into months and days at its edges, so that a query does not cost more as history grows."""
    since, until = period
    first, last = month_of(since), month_of(until)
    first_is_whole, last_is_whole = since == first.since, until == last.until
    if first == last:
        return (
            PeriodParts(Period(since, since), ()) if first_is_whole and last_is_whole else PeriodParts(None, (period,))
        )
    days = []
    if not first_is_whole:
        days.append(Period(since, first.until))
    if not last_is_whole:
        days.append(Period(last.since, until))
    start = first.since if first_is_whole else first.until + dt.timedelta(days=1)
    end = last.since if last_is_whole else month_of(last.since - dt.timedelta(days=1)).since
    return PeriodParts(Period(start, end) if start <= end else None, tuple(days))


def bucket_of(day: dt.date, by: Bucket, week_start: WeekStart = WeekStart.MONDAY) -> dt.date:
    """Returns the first day of the bucket that the day is in."""
    if by is Bucket.DAY:
        return day
    if by is Bucket.WEEK:
        return week_start.first_day(day)
    return day.replace(day=1)


def buckets(period: Period, by: Bucket, most: int, week_start: WeekStart = WeekStart.MONDAY) -> list[dt.date]:
    """Returns the first days of all buckets of the period. Raises ValueError for more than `most`."""
    starts: list[dt.date] = []
    day = bucket_of(period.since, by, week_start)
    while day <= period.until:
        if len(starts) == most:
            msg = f"a series has at most {most} steps; choose a shorter period or larger steps"
            raise ValueError(msg)
        starts.append(day)
        following = _following(day, by, week_start)
        if following is None:
            break
        day = following
    return starts


def _following(day: dt.date, by: Bucket, week_start: WeekStart) -> dt.date | None:
    steps = {Bucket.DAY: 1, Bucket.WEEK: 7, Bucket.MONTH: calendar.monthrange(day.year, day.month)[1]}
    ordinal = day.toordinal() + steps[by]
    if ordinal > dt.date.max.toordinal():
        return None
    # The very first week of all may have fewer than seven days.
    return bucket_of(dt.date.fromordinal(ordinal), by, week_start)
