"""Fact: a recurring payment has stopped."""

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

_NEWS = dt.timedelta(days=60)
"""How long a stopped series stays worth telling."""
_FEWEST = 4
"""Charges needed; with fewer, it probably was no series."""
_SURPRISE = 0.6


def stopped(snapshot: FactSnapshot) -> list[Fact]:
    """Each series whose next charge is long overdue, unless the merchant got another payment since."""
    return [_fact(snapshot, series) for series in snapshot.series if _has_stopped(snapshot, series)]


def _has_stopped(snapshot: FactSnapshot, series: RecurringSeries) -> bool:
    ended = not series.goes_on(snapshot.today) and series.goes_on(snapshot.today - _NEWS)
    silent = snapshot.merchants[series.key][-1].day == series.last.day
    return ended and silent and len(series.charges) >= _FEWEST


def _fact(snapshot: FactSnapshot, series: RecurringSeries) -> Fact:
    currency, charges = snapshot.currency, series.charges[-MOST_LISTED:]
    last = Evidence.of([series.last], currency)
    behind = Evidence.of(charges, currency)
    slots = {
        VALUE: Slot.of(Money(series.last.minor, currency), SlotForm.AMOUNT, last),
        "merchant": Slot(series.last.merchant, SlotForm.NAME),
        "day": day_slot(series.last.day, snapshot.today),
        "due": day_slot(series.due, snapshot.today),
        "charges": Slot(
            str(len(charges)), SlotForm.COUNT, "payments", behind, EvidenceProof.COUNT, templates_only=True
        ),
    }
    return Fact(
        id=f"{FactKind.STOPPED}.{digest(series.key)}.{series.last.day}",
        kind=FactKind.STOPPED,
        period=behind.period,
        direction=Direction.NONE,
        evidence=behind,
        revision=snapshot.revision,
        slots=slots,
        subject=series.key,
        money=series.yearly,
        surprise=_SURPRISE,
    )
