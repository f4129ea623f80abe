"""Fact: the price of a recurring payment rose."""

import datetime as dt
from itertools import pairwise

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
from services.insights.insights.facts.payments import Payment, digest
from services.insights.insights.facts.series import RecurringSeries
from services.insights.insights.facts.snapshot import FactSnapshot

_NEWS = dt.timedelta(days=100)
"""Older rises are known to the user."""
_SMALLEST = 0.02
"""A smaller fraction is an exchange rate, not a price."""
_BEFORE = 3
"""Charges at the old price needed for monthly and more frequent series; yearly ones need one."""
_YEAR = 12
"""Number of earlier charges that the new price has to exceed, in case they vary."""
_SURPRISE = 0.9


def price_rise(snapshot: FactSnapshot) -> list[Fact]:
    """The new price minus the old one, if the latest change of a fixed price was a recent rise."""
    facts = []
    for series in snapshot.series:
        rise = _rise(series)
        if rise and series.goes_on(snapshot.today) and snapshot.today - rise[1].day < _NEWS:
            facts.append(_fact(snapshot, series, *rise))
    return facts


def _rise(series: RecurringSeries) -> tuple[Payment, Payment] | None:
    """Returns the last charge at the old price, and the first at the new one."""
    if not series.fixed:
        return None
    steps = [
        index
        for index, (earlier, later) in enumerate(pairwise(series.charges))
        if abs(later.minor - earlier.minor) > _SMALLEST * earlier.minor
    ]
    fewest = _BEFORE if series.cadence.times > 1 else 1
    if not steps or steps[-1] + 1 < fewest:
        return None
    before, after = series.charges[: steps[-1] + 1][-_YEAR:], series.charges[steps[-1] + 1 :]
    least, most = (1 + _SMALLEST) * max(charge.minor for charge in before), min(charge.minor for charge in after)
    return (before[-1], after[0]) if most > least else None


def _fact(snapshot: FactSnapshot, series: RecurringSeries, before: Payment, after: Payment) -> Fact:
    currency, more = snapshot.currency, after.minor - before.minor
    both = Evidence.of([before, after], currency)
    yearly = more * series.cadence.times
    slots = {
        VALUE: Slot.of(Money(more, currency), SlotForm.SIZE, both, EvidenceProof.BASIS),
        "merchant": Slot(after.merchant, SlotForm.NAME),
        "before": _price(before, currency),
        "now": _price(after, currency),
        "day": day_slot(after.day, snapshot.today),
        "yearly": Slot.of(Money(yearly, currency), SlotForm.SIZE, both, EvidenceProof.BASIS, templates_only=True),
    }
    return Fact(
        id=f"{FactKind.PRICE_RISE}.{digest(series.key)}.{after.day:%Y-%m}",
        kind=FactKind.PRICE_RISE,
        period=both.period,
        direction=Direction.UP,
        evidence=both,
        revision=snapshot.revision,
        slots=slots,
        subject=series.key,
        money=yearly,
        surprise=_SURPRISE,
    )


def _price(charge: Payment, currency: str) -> Slot:
    evidence = Evidence.of([charge], currency)
    return Slot.of(Money(charge.minor, currency), SlotForm.AMOUNT, evidence, templates_only=True)
