"""Fact: something that comes back by itself is about to charge."""

import datetime as dt

from contracts.money import from_minor
from services.insights.insights.facts.fact import VALUE, Direction, Evidence, Fact, Form, Kind, Slot, day_slot
from services.insights.insights.facts.payments import by_merchant, digest
from services.insights.insights.facts.series import Series
from services.insights.insights.facts.snapshot import Ground
from services.insights.periods import Period

_SOON = dt.timedelta(days=5)
_LATE = dt.timedelta(days=2)
"""A weekend."""
_LEAST = 0.02
"""Of a typical month: who cannot pay less than this has other sorrows."""
_SURPRISE = 0.3


def upcoming(ground: Ground) -> list[Fact]:
    """Each series whose next charge is expected within days and is not booked ahead; what it charged last."""
    booked = by_merchant(ground.payments[len(ground.until_today) :])
    return [
        _fact(ground, series)
        for series in ground.series
        if ground.today - _LATE <= series.due <= ground.today + _SOON
        and series.key not in booked
        and series.last.minor >= _LEAST * ground.typical_month
    ]


def _fact(ground: Ground, series: Series) -> Fact:
    currency, last = ground.currency, series.last
    behind = Evidence.of([last], currency)
    slots = {
        VALUE: Slot(from_minor(last.minor, currency), Form.AMOUNT, currency, behind),
        "merchant": Slot(last.merchant, Form.NAME),
        "day": day_slot(last.day, ground.today),
        "due": day_slot(series.due, ground.today),
    }
    return Fact(
        id=f"{Kind.UPCOMING}.{digest(series.key)}.{series.due:%Y-%m-%d}",
        kind=Kind.UPCOMING,
        period=Period(last.day, series.due),
        direction=Direction.NONE,
        evidence=behind,
        revision=ground.revision,
        slots=slots,
        subject=series.key,
        money=last.minor,
        surprise=_SURPRISE,
    )
