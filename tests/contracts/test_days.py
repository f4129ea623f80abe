"""Where a week begins."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.days import WeekStart
from services.insights.periods import Bucket, Period, bucket_of, buckets


@pytest.mark.parametrize(("start", "name"), [(start, start.value) for start in WeekStart])
def test_the_first_day_of_a_week_has_its_name(start: WeekStart, name: str) -> None:
    assert f"{start.first_day(dt.date(2026, 11, 26)):%A}".lower() == name


@given(st.dates(), st.sampled_from(WeekStart))
def test_a_day_is_in_its_week(day: dt.date, start: WeekStart) -> None:
    first = start.first_day(day)
    assert 0 <= (day - first).days < 7
    assert start.first_day(first) == first


@given(st.dates(), st.integers(0, 60), st.sampled_from(WeekStart))
def test_every_day_of_a_period_is_in_one_of_its_weeks(since: dt.date, more: int, start: WeekStart) -> None:
    until = dt.date.fromordinal(min(since.toordinal() + more, dt.date.max.toordinal()))
    weeks = buckets(Period(since, until), Bucket.WEEK, 400, start)
    assert weeks == sorted(set(weeks))
    for ordinal in range(since.toordinal(), until.toordinal() + 1):
        assert bucket_of(dt.date.fromordinal(ordinal), Bucket.WEEK, start) in weeks
