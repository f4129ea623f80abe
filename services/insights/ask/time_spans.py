"""Parses English time spans: "since May", "last summer", "from March to June 2025". Pure."""

import calendar
import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from contracts.days import WeekStart
from services.insights.ask.queries import EARLIEST, comparable_period, year_before
from services.insights.insights.facts.snapshot import month_before
from services.insights.periods import Period, month_of

_MONTHS = tuple(calendar.month_name[number].lower() for number in range(1, 13))
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""First month of each season on the northern hemisphere. Winter ends in the next year. Answers name the dates."""
_LEADING = re.compile(r"(?:in|during|over|for|within|of|on|so far|the|my|all of)\s+")
_TRAILING = re.compile(r"\s+(?:so far|to date|until now|till now)$")
_BEGINNINGS = frozenset({"since", "from", "between", "in", "during", "last", "this", "over"})
"""Words with which a time span in the middle of a question begins."""
_MOST_BACK = 1200


class Today(NamedTuple):
    """The day of the question, and the user's first day of the week."""

    day: dt.date
    week_start: WeekStart = WeekStart.MONDAY


class TimeSpan(NamedTuple):
    """A period, and whether the text determines its year: "last year" does, "May" does not."""

    period: Period
    is_dated: bool = False


def read(text: str, on: Today) -> TimeSpan | None:
    """Returns the time span that the whole text names, cut off at today."""
    plain = _TRAILING.sub("", text.strip())
    while (cut := _LEADING.sub("", plain, count=1)) != plain and _LEADING.match(plain):
        plain = cut
    span = _ranged(plain, on) or _single(plain, on)
    if span is None or span.period.since > on.day:
        return None
    return span._replace(period=Period(span.period.since, min(span.period.until, on.day)))


def split(words: list[str], on: Today) -> tuple[str, TimeSpan | None]:
    """Returns the text without its time span, and the time span: the longest at its end, start or middle."""
    for start in range(len(words)):
        if span := read(" ".join(words[start:]), on):
            return " ".join(words[:start]), span
    for end in range(len(words) - 1, 0, -1):
        if span := read(" ".join(words[:end]), on):
            return " ".join(words[end:]), span
    for start in range(1, len(words)):
        for end in range(len(words) - 1, start + 1, -1):
            if words[start] in _BEGINNINGS and (span := read(" ".join(words[start:end]), on)):
                return " ".join(words[:start] + words[end:]), span
    return " ".join(words), None


def pair(now: TimeSpan, before: TimeSpan, on: Today) -> tuple[Period, Period]:
    """Returns two periods to compare. Of an unfinished period, as many days are compared as have passed."""
    earlier = year_before(now.period) if before.period == now.period else before.period
    return now.period, comparable_period(now.period, earlier, on.day)


def _ranged(text: str, on: Today) -> TimeSpan | None:
    if match := re.fullmatch(r"(?:since|from|starting)\s+(.+?)(?:\s+on)?", text):
        rest = match[1]
        if (bounds := re.split(r"\s+(?:to|till|until|through)\s+", rest, maxsplit=1)) and len(bounds) == 2:  # noqa: PLR2004 - from and to
            return _between(bounds[0], bounds[1], on)
        start = _single(rest, on)
        return TimeSpan(Period(start.period.since, on.day), start.is_dated) if start else None
    if match := re.fullmatch(r"between\s+(.+?)\s+and\s+(.+)", text):
        return _between(match[1], match[2], on)
    return None


def _between(first: str, last: str, on: Today) -> TimeSpan | None:
    end = _single(last, on)
    start = _single(first, on)
    if start is None or end is None:
        return None
    since, until = start.period.since, end.period.until
    if not start.is_dated and (since > until or end.is_dated):
        since = since.replace(year=until.year)  # the first of a month
        since = since if since <= until else since.replace(year=since.year - 1)
    return TimeSpan(Period(since, until), is_dated=True) if since <= until else None


def _single(text: str, on: Today) -> TimeSpan | None:
    for pattern, make in _FORMS:
        if match := re.fullmatch(pattern, text):
            return make(match, on)
    return None


def _day(back: int) -> Callable[[re.Match[str], Today], TimeSpan]:
    def span(_: re.Match[str], on: Today) -> TimeSpan:
        day = on.day - dt.timedelta(days=back)
        return TimeSpan(Period(day, day), is_dated=True)

    return span


def _iso(match: re.Match[str], _: Today) -> TimeSpan | None:
    try:
        day = dt.date.fromisoformat(match[0])
    except ValueError:
        return None
    return TimeSpan(Period(day, day), is_dated=True) if day >= EARLIEST else None


def _unit(match: re.Match[str], on: Today) -> TimeSpan:
    """This or the last week, month, quarter or year."""
    back = 0 if match[1] in {"this", "the current"} else 1
    if match[2] == "week":
        first = on.week_start.first_day(on.day) - dt.timedelta(days=7 * back)
        return TimeSpan(Period(first, first + dt.timedelta(days=6)), is_dated=True)
    return TimeSpan(_UNITS[match[2]](on.day, back), is_dated=True)


def _last_many(match: re.Match[str], on: Today) -> TimeSpan | None:
    """The last so many days, weeks, months or years, today included."""
    many = int(match[1])
    if not 0 < many <= _MOST_BACK:
        return None
    if match[2] in {"day", "week"}:
        days = many * (7 if match[2] == "week" else 1)
        return TimeSpan(Period(on.day - dt.timedelta(days=days - 1), on.day), is_dated=True)
    months = many * (12 if match[2] == "year" else 1)
    first = max(on.day.year * 12 + on.day.month - 1 - months, EARLIEST.year * 12)
    start = dt.date(first // 12, first % 12 + 1, 1)
    day = min(on.day.day, month_of(start).until.day)
    return TimeSpan(Period(start.replace(day=day) + dt.timedelta(days=1), on.day), is_dated=True)


def _year(match: re.Match[str], _: Today) -> TimeSpan:
    year = int(match[1])
    return TimeSpan(Period(dt.date(year, 1, 1), dt.date(year, 12, 31)), is_dated=True)


def _month(match: re.Match[str], on: Today) -> TimeSpan:
    """A month by name: in the given year, or its latest occurrence that has begun."""
    number = _MONTHS.index(next(name for name in _MONTHS if name.startswith(match["month"][:3])))
    year = _year_of(match["year"], on.day)
    month = month_of(dt.date(year or on.day.year, number + 1, 1))
    if year is None and (month.since > on.day or (match["last"] and month.until >= on.day)):
        month = month_of(month.since.replace(year=month.since.year - 1))
    return TimeSpan(month, is_dated=year is not None or match["last"] is not None)


def _season(match: re.Match[str], on: Today) -> TimeSpan:
    first, year = _SEASONS[match["season"]], _year_of(match["year"], on.day)
    season = _season_of(year or on.day.year, first)
    if year is None and (season.since > on.day or (match["last"] and season.until >= on.day)):
        season = _season_of(season.since.year - 1, first)
    return TimeSpan(season, is_dated=year is not None or match["last"] is not None)


def _season_of(year: int, first: int) -> Period:
    start = dt.date(year, first, 1)
    return Period(start, month_before(start, -2).until)


def _year_of(text: str | None, today: dt.date) -> int | None:
    if not text:
        return None
    return int(text) if text.isdigit() else today.year - (text == "last year")


def _quarter(today: dt.date, back: int) -> Period:
    first = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    start = month_before(first, 3 * back).since
    return Period(start, month_before(start, -2).until)


def _whole_year(today: dt.date, back: int) -> Period:
    return Period(dt.date(today.year - back, 1, 1), dt.date(today.year - back, 12, 31))


_UNITS: Mapping[str, Callable[[dt.date, int], Period]] = {
    "month": month_before,
    "quarter": _quarter,
    "year": _whole_year,
}

_NAMED = "|".join(f"{name[:3]}(?:{name[3:]})?" if name != "may" else name for name in _MONTHS)
_OF_YEAR = r"(?:\s+(?:of\s+)?(?P<year>(?:19|20)\d\d|last year|this year))?"
_FORMS: tuple[tuple[str, Callable[[re.Match[str], Today], TimeSpan | None]], ...] = (
    (r"today", _day(0)),
    (r"yesterday", _day(1)),
    (r"\d{4}-\d{2}-\d{2}", _iso),
    (r"(this|the current|last|the last|previous|the previous) (week|month|quarter|year)", _unit),
    (r"(?:the )?(?:last|past) (\d{1,4}) (day|week|month|year)s?", _last_many),
    (r"((?:19|20)\d\d)", _year),
    (rf"(?:(?P<last>last|previous)|this )?\s*(?P<month>{_NAMED})\.?{_OF_YEAR}", _month),
    (rf"(?:(?P<last>last|previous)|this )?\s*(?P<season>{'|'.join(_SEASONS)}){_OF_YEAR}", _season),
    (
        r"(?:ever|all time|always|in all|in total|altogether|everything)",
        lambda _, on: TimeSpan(Period(EARLIEST, on.day)),
    ),
)
