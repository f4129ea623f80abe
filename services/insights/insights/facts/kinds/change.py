"""Fact: this month so far against the same days of the month before."""

from decimal import Decimal

from contracts.money import Money
from services.insights.insights.facts.fact import (
    ORDINARY,
    VALUE,
    Direction,
    Evidence,
    EvidenceProof,
    Fact,
    FactKind,
    Slot,
    SlotForm,
    month_slot,
)
from services.insights.insights.facts.snapshot import LATE_START, FactSnapshot, length, month_before
from services.insights.periods import Period


def change(snapshot: FactSnapshot) -> list[Fact]:
    """The difference between the sums of the same days, from the 1st, in this month and the one before.

    The days are those that both months have: on 31 March the 1st to the 28th of each, after a short February. There is
    no percentage where more came back than was left of what was spent: a whole that refunds have bent.
    """
    before = month_before(snapshot.today)
    last = min(snapshot.today.day, length(before))
    before = Period(before.since, before.since.replace(day=last))
    now = Period(snapshot.so_far.since, snapshot.today.replace(day=last))
    late = snapshot.since is None or snapshot.since >= before.since + LATE_START
    if late or not snapshot.count(now) or not snapshot.count(before):
        return []
    difference = snapshot.total(now) - snapshot.total(before)
    return [
        Fact(
            id=f"{FactKind.CHANGE}.{now.since:%Y-%m}",
            kind=FactKind.CHANGE,
            period=now,
            direction=Direction.of(difference),
            evidence=Evidence(now, snapshot.currency),
            revision=snapshot.revision,
            slots=_slots(snapshot, now, before),
            money=abs(difference),
            surprise=ORDINARY,
        )
    ]


def _slots(snapshot: FactSnapshot, now: Period, before: Period) -> dict[str, Slot]:
    currency = snapshot.currency
    spent, spent_before = snapshot.total(now), snapshot.total(before)
    evidence = Evidence(now, currency)
    slots = {
        VALUE: Slot.of(Money(spent - spent_before, currency), SlotForm.SIZE, evidence, EvidenceProof.BASIS),
        "previous": month_slot(before.since, snapshot.today),
        "until": Slot(now.until.isoformat(), SlotForm.DAY),
        "now": Slot.of(Money(spent, currency), SlotForm.AMOUNT, evidence, templates_only=True),
        "before": Slot.of(
            Money(spent_before, currency), SlotForm.AMOUNT, Evidence(before, currency), templates_only=True
        ),
    }
    if spent != spent_before and spent >= 0 and spent_before > snapshot.refunded(before):
        percent = (Decimal(spent - spent_before) * 100 / Decimal(spent_before)).quantize(Decimal("0.01"))
        slots["percent"] = Slot(f"{abs(percent)}", SlotForm.PERCENT, "percent", evidence, EvidenceProof.BASIS)
    return slots
