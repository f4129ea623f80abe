"""Fact: a recurring payment is due soon."""

import datetime as dt

from contracts.money import Money
from services.insights.insights.facts.fact import VALUE, Direction, Evidence, Fact, FactKind, Slot, SlotForm, day_slot
from services.insights.insights.facts.payments import by_merchant, digest
from services.insights.insights.facts.series import RecurringSeries
from services.insights.insights.facts.snapshot import FactSnapshot
from services.insights.periods import Period

_SOON = dt.timedelta(days=5)
_LATE = dt.timedelta(days=2)
"""A weekend."""
_LEAST = 0.02
"""Smallest charge worth telling, as a fraction of a typical month."""
_SURPRISE = 0.3


def upcoming(snapshot: FactSnapshot) -> list[Fact]:
    """Each series whose next charge is due within days and not recorded ahead, with its last charge."""
    booked = by_merchant(snapshot.payments[len(snapshot.until_today) :])
    return [
        _fact(snapshot, series)
        for series in snapshot.series
        if snapshot.today - _LATE <= series.due <= snapshot.today + _SOON
        and series.key not in booked
        and series.last.minor >= _LEAST * snapshot.typical_month
    ]


def _fact(snapshot: FactSnapshot, series: RecurringSeries) -> Fact:
    currency, last = snapshot.currency, series.last
    behind = Evidence.of([last], currency)
    slots = {
        VALUE: Slot.of(Money(last.minor, currency), SlotForm.AMOUNT, behind),
        "merchant": Slot(last.merchant, SlotForm.NAME),
        "day": day_slot(last.day, snapshot.today),
        "due": day_slot(series.due, snapshot.today),
    }
    return Fact(
        id=f"{FactKind.UPCOMING}.{digest(series.key)}.{series.due:%Y-%m-%d}",
        kind=FactKind.UPCOMING,
        period=Period(last.day, series.due),
        direction=Direction.NONE,
        evidence=behind,
        revision=snapshot.revision,
        slots=slots,
        subject=series.key,
        money=last.minor,
        surprise=_SURPRISE,
    )
