"""Fact: this month so far against the same days of the month before."""

from decimal import Decimal

from contracts.money import from_minor
from services.insights.insights.facts.fact import (
    ORDINARY,
    VALUE,
    Direction,
    Evidence,
    Fact,
    Form,
    Kind,
    Proof,
    Slot,
    month_slot,
)
from services.insights.insights.facts.snapshot import LATE_START, Ground, length, month_before
from services.insights.periods import Period


def change(ground: Ground) -> list[Fact]:
    """The difference between the sums of the same days, from the 1st, in this month and the one before.

    The days are those that both months have: on 31 March the 1st to the 28th of each, after a short February. There is
    no percentage where more came back than was left of what was spent: a whole that refunds have bent.
    """
    before = month_before(ground.today)
    last = min(ground.today.day, length(before))
    before = Period(before.since, before.since.replace(day=last))
    now = Period(ground.so_far.since, ground.today.replace(day=last))
    late = ground.since is None or ground.since >= before.since + LATE_START
    if late or not ground.count(now) or not ground.count(before):
        return []
    difference = ground.total(now) - ground.total(before)
    return [
        Fact(
            id=f"{Kind.CHANGE}.{now.since:%Y-%m}",
            kind=Kind.CHANGE,
            period=now,
            direction=Direction.of(difference),
            evidence=Evidence(now, ground.currency),
            revision=ground.revision,
            slots=_slots(ground, now, before),
            money=abs(difference),
            surprise=ORDINARY,
        )
    ]


def _slots(ground: Ground, now: Period, before: Period) -> dict[str, Slot]:
    currency = ground.currency
    spent, spent_before = ground.total(now), ground.total(before)
    evidence = Evidence(now, currency)
    slots = {
        VALUE: Slot(from_minor(spent - spent_before, currency), Form.SIZE, currency, evidence, Proof.BASIS),
        "previous": month_slot(before.since, ground.today),
        "until": Slot(now.until.isoformat(), Form.DAY),
        "now": Slot(from_minor(spent, currency), Form.AMOUNT, currency, evidence, templates_only=True),
        "before": Slot(
            from_minor(spent_before, currency),
            Form.AMOUNT,
            currency,
            Evidence(before, currency),
            templates_only=True,
        ),
    }
    if spent != spent_before and spent >= 0 and spent_before > ground.refunded(before):
        percent = (Decimal(spent - spent_before) * 100 / Decimal(spent_before)).quantize(Decimal("0.01"))
        slots["percent"] = Slot(f"{abs(percent)}", Form.PERCENT, "percent", evidence, Proof.BASIS)
    return slots
