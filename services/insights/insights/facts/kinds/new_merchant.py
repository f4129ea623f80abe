"""Fact: the first payments to a merchant, where they are not small."""

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
from services.insights.insights.facts.payments import digest, total
from services.insights.insights.facts.robust_statistics import at_quantile
from services.insights.insights.facts.snapshot import FactSnapshot
from services.insights.periods import Period

_RECENT = dt.timedelta(days=14)
_SETTLED = dt.timedelta(days=90)
"""In a younger ledger most merchants are new."""
_LARGE = 0.8
"""Quantile of all payments that the largest first payment has to exceed."""
_SURPRISE = 0.35


def new_merchant(snapshot: FactSnapshot) -> list[Fact]:
    """Merchants first paid in the last two weeks, and the sum of the payments to them."""
    if snapshot.since is None or snapshot.since > snapshot.today - _SETTLED:
        return []
    large = at_quantile((payment.minor for payment in snapshot.until_today), _LARGE)
    facts = []
    for key, payments in snapshot.merchants.items():
        begun = payments[0].day
        if begun > snapshot.today - _RECENT and max(payment.minor for payment in payments) > large:
            facts += [_fact(snapshot, key)] if total(payments) > 0 else []
    return facts


def _fact(snapshot: FactSnapshot, key: str) -> Fact:
    payments, currency = snapshot.merchants[key], snapshot.currency
    begun = payments[0].day
    behind = Evidence(Period(begun, snapshot.today), currency, merchant=payments[-1].merchant)
    count = len(payments)
    slots = {
        VALUE: Slot.of(Money(total(payments), currency), SlotForm.AMOUNT, behind),
        "merchant": Slot(payments[-1].merchant, SlotForm.NAME),
        "day": day_slot(begun, snapshot.today),
    }
    times = {"times": Slot(str(count), SlotForm.COUNT, "payments", behind, EvidenceProof.COUNT, templates_only=True)}
    return Fact(
        id=f"{FactKind.NEW_MERCHANT}.{digest(key)}.{begun}",
        kind=FactKind.NEW_MERCHANT,
        period=behind.period,
        direction=Direction.NONE,
        evidence=behind,
        revision=snapshot.revision,
        slots=slots | (times if count > 1 else {}),
        subject=key,
        money=total(payments),
        surprise=_SURPRISE,
    )
