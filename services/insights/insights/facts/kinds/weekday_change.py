"""Fact: a day of the week, over four weeks, against the four weeks before or those of a year ago.

Four weeks hold four of each weekday, and 52 weeks ago the season was the same.
"""

import datetime as dt

from services.insights.insights.facts.comparison import Comparison, ComparisonWindow, compare, fact_of, far_from, habits
from services.insights.insights.facts.fact import Evidence, Fact, FactKind, Slot, SlotForm
from services.insights.insights.facts.payments import Payment, within
from services.insights.insights.facts.snapshot import FactSnapshot
from services.insights.periods import Period

_WEEKS = 4
_BLOCKS_OF_A_YEAR = 13
_DAYS = 7
_HALF = 0.5


def weekday_change(snapshot: FactSnapshot) -> list[Fact]:
    """The weekday that changed most. Only one is told, since weekdays share bills."""
    days: list[list[Payment]] = [[] for _ in range(_DAYS)]
    for payment in snapshot.until_today:
        days[payment.day.weekday()].append(payment)
    changed = {
        weekday: comparison
        for weekday, payments in enumerate(days, 1)
        if (comparison := _comparison(snapshot, payments)) and not _is_general(snapshot, weekday, comparison)
    }
    if not changed:
        return []
    weekday = max(changed, key=lambda weekday: abs(changed[weekday].is_far))
    return [_fact(snapshot, weekday, changed[weekday])]


def _comparison(snapshot: FactSnapshot, payments: list[Payment]) -> Comparison | None:
    if not (periods := _blocks(snapshot)):
        return None
    now, *earlier = (ComparisonWindow(period, within(payments, period)) for period in periods)
    year_ago = earlier[-1] if len(earlier) == _BLOCKS_OF_A_YEAR else None
    return compare(snapshot, now, earlier, year_ago)


def _is_general(snapshot: FactSnapshot, weekday: int, comparison: Comparison) -> bool:
    """Whether the other weekdays changed in the same direction, at least half as much."""
    others = [payment for payment in snapshot.until_today if payment.day.isoweekday() != weekday]
    now, *earlier = (habits(snapshot, ComparisonWindow(period, within(others, period))) for period in _blocks(snapshot))
    return far_from(now, earlier) / comparison.is_far > _HALF


def _blocks(snapshot: FactSnapshot) -> list[Period]:
    """Returns blocks of four weeks, up to today and before, that the ledger covers; the latest first."""
    periods = [_block(snapshot.today, back) for back in range(_BLOCKS_OF_A_YEAR + 1)]
    return [period for period in periods if snapshot.since and snapshot.since <= period.since]


def _block(today: dt.date, back: int) -> Period:
    last = today - dt.timedelta(weeks=_WEEKS * back)
    return Period(last - dt.timedelta(days=_WEEKS * _DAYS - 1), last)


def _fact(snapshot: FactSnapshot, weekday: int, comparison: Comparison) -> Fact:
    def evidence(period: Period) -> Evidence:
        return Evidence(period, snapshot.currency, weekday=weekday)

    last = comparison.now.period.until
    shown = last - dt.timedelta(days=(last.isoweekday() - weekday) % _DAYS)
    name = Slot(shown.isoformat(), SlotForm.WEEKDAY)
    return fact_of(snapshot, comparison, FactKind.WEEKDAY_CHANGE, f"weekday-{weekday}", evidence, name)
