"""Fact: something that came back by itself has not come."""

import datetime as dt

from contracts.money import from_minor
from services.insights.insights.facts.fact import VALUE, Direction, Evidence, Fact, Form, Kind, Proof, Slot, day_slot
from services.insights.insights.facts.payments import MOST_LISTED, digest
from services.insights.insights.facts.series import Series
from services.insights.insights.facts.snapshot import Ground

_NEWS = dt.timedelta(days=60)
"""For so long after it was given up waiting for, it is told."""
_FEWEST = 4
"""Fewer charges and an end are more likely no series at all."""
_SURPRISE = 0.6


def stopped(ground: Ground) -> list[Fact]:
    """Each series whose next charge is long overdue; not where the merchant was paid since in another way."""
    return [_fact(ground, series) for series in ground.series if _has_stopped(ground, series)]


def _has_stopped(ground: Ground, series: Series) -> bool:
    ended = not series.goes_on(ground.today) and series.goes_on(ground.today - _NEWS)
    silent = ground.merchants[series.key][-1].day == series.last.day
    return ended and silent and len(series.charges) >= _FEWEST


def _fact(ground: Ground, series: Series) -> Fact:
    currency, charges = ground.currency, series.charges[-MOST_LISTED:]
    last = Evidence.of([series.last], currency)
    behind = Evidence.of(charges, currency)
    slots = {
        VALUE: Slot(from_minor(series.last.minor, currency), Form.AMOUNT, currency, last),
        "merchant": Slot(series.last.merchant, Form.NAME),
        "day": day_slot(series.last.day, ground.today),
        "due": day_slot(series.due, ground.today),
        "charges": Slot(str(len(charges)), Form.COUNT, "payments", behind, Proof.COUNT, templates_only=True),
    }
    return Fact(
        id=f"{Kind.STOPPED}.{digest(series.key)}.{series.last.day}",
        kind=Kind.STOPPED,
        period=behind.period,
        direction=Direction.NONE,
        evidence=behind,
        revision=ground.revision,
        slots=slots,
        subject=series.key,
        money=series.yearly,
        surprise=_SURPRISE,
    )
