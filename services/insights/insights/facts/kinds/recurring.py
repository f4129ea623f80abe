"""Fact: a payment that comes back by itself, found without being declared, and what a year of it costs."""

import datetime as dt

from contracts.money import from_minor
from services.insights.insights.facts.fact import VALUE, Direction, Evidence, Fact, Form, Kind, Proof, Slot, day_slot
from services.insights.insights.facts.payments import MOST_LISTED, digest
from services.insights.insights.facts.series import Series
from services.insights.insights.facts.snapshot import Ground

_NEW = dt.timedelta(days=120)
"""A series whose first charge is younger than this is news; an older one is known, and told where nothing else is."""
_NEWS, _KNOWN = 0.7, 0.08


def recurring(ground: Ground) -> list[Fact]:
    """Each series that goes on: its last charge, and times a year at that price, or at the mean where it has none."""
    return [_fact(ground, series) for series in ground.series if series.goes_on(ground.today)]


def _fact(ground: Ground, series: Series) -> Fact:
    currency, charges = ground.currency, series.charges[-MOST_LISTED:]
    last = Evidence.of([series.last], currency)
    behind = Evidence.of(charges, currency)
    form = Form.AMOUNT if series.fixed else Form.ESTIMATE
    yearly = series.yearly
    begun, known = series.charges[0].day, ground.since or ground.today
    is_news = ground.today - begun < _NEW < begun - known
    slots = {
        VALUE: Slot(from_minor(series.last.minor, currency), Form.AMOUNT, currency, last),
        "merchant": Slot(series.last.merchant, Form.NAME),
        "day": day_slot(series.last.day, ground.today),
        "charges": Slot(str(len(charges)), Form.COUNT, "payments", behind, Proof.COUNT, templates_only=True),
        "yearly": Slot(from_minor(yearly, currency), form, currency, behind, Proof.BASIS, templates_only=True),
    }
    return Fact(
        id=f"{Kind.RECURRING}.{digest(series.key)}.{series.cadence.days}",
        kind=Kind.RECURRING,
        period=behind.period,
        direction=Direction.NONE,
        evidence=behind,
        revision=ground.revision,
        slots=slots,
        subject=series.key,
        money=yearly,
        surprise=_NEWS if is_news else _KNOWN,
    )
