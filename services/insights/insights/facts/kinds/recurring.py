"""Fact: a recurring payment, detected automatically, and its cost per year."""

import datetime as dt

from contracts.money import Money
from services.insights.insights.facts.fact import (
    VALUE,
    Direction,
    Evidence,
    EvidenceProof,
    Fact,
    FactKind,
    Slot,
    SlotForm,
    day_slot,
)
from services.insights.insights.facts.payments import MOST_LISTED, digest
from services.insights.insights.facts.series import RecurringSeries
from services.insights.insights.facts.snapshot import FactSnapshot

_NEW = dt.timedelta(days=120)
"""A series whose first charge is younger than this is news; an older one is known, and told where nothing else is."""
_NEWS, _KNOWN = 0.7, 0.08


def recurring(snapshot: FactSnapshot) -> list[Fact]:
    """Each series that goes on: its last charge, and times a year at that price, or at the mean where it has none."""
    return [_fact(snapshot, series) for series in snapshot.series if series.goes_on(snapshot.today)]


def _fact(snapshot: FactSnapshot, series: RecurringSeries) -> Fact:
    currency, charges = snapshot.currency, series.charges[-MOST_LISTED:]
    last = Evidence.of([series.last], currency)
    behind = Evidence.of(charges, currency)
    form = SlotForm.AMOUNT if series.fixed else SlotForm.ESTIMATE
    yearly = series.yearly
    begun, known = series.charges[0].day, snapshot.since or snapshot.today
    is_news = snapshot.today - begun < _NEW < begun - known
    slots = {
        VALUE: Slot.of(Money(series.last.minor, currency), SlotForm.AMOUNT, last),
        "merchant": Slot(series.last.merchant, SlotForm.NAME),
        "day": day_slot(series.last.day, snapshot.today),
        "charges": Slot(
            str(len(charges)), SlotForm.COUNT, "payments", behind, EvidenceProof.COUNT, templates_only=True
        ),
        "yearly": Slot.of(Money(yearly, currency), form, behind, EvidenceProof.BASIS, templates_only=True),
    }
    return Fact(
        id=f"{FactKind.RECURRING}.{digest(series.key)}.{series.cadence.days}",
        kind=FactKind.RECURRING,
        period=behind.period,
        direction=Direction.NONE,
        evidence=behind,
        revision=snapshot.revision,
        slots=slots,
        subject=series.key,
        money=yearly,
        surprise=_NEWS if is_news else _KNOWN,
    )
