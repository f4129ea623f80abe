"""Fact: the category with the highest sum this month, and its share."""

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
from services.insights.insights.facts.snapshot import CategorySum, FactSnapshot
from services.insights.shares import has_shares


def largest_category(snapshot: FactSnapshot) -> list[Fact]:
    """The category with the highest sum from the 1st to today; equal sums: by name.

    share = its sum / the sum of all, where `has_shares`.
    """
    spent = [category for category in snapshot.categories if category.total > 0]
    if not spent:
        return []
    top = min(spent, key=lambda category: (-category.total, category.name, category.id))
    period, currency = snapshot.so_far, snapshot.currency
    behind = Evidence(period, currency, top.id)
    slots = {
        VALUE: Slot.of(Money(top.total, currency), SlotForm.AMOUNT, behind),
        "category": Slot(top.name, SlotForm.NAME),
        "month": month_slot(period.since, snapshot.today),
    }
    return [
        Fact(
            id=f"{FactKind.LARGEST_CATEGORY}.{period.since:%Y-%m}",
            kind=FactKind.LARGEST_CATEGORY,
            period=period,
            direction=Direction.NONE,
            evidence=behind,
            revision=snapshot.revision,
            slots=slots | _share(snapshot, top, behind),
            money=top.total,
            surprise=ORDINARY,
        )
    ]


def _share(snapshot: FactSnapshot, top: CategorySum, behind: Evidence) -> dict[str, Slot]:
    total = snapshot.total(snapshot.so_far)
    if not has_shares(category.total for category in snapshot.categories):
        return {}
    percent = (Decimal(top.total) * 100 / Decimal(total)).quantize(Decimal("0.01"))
    everything = Evidence(snapshot.so_far, snapshot.currency)
    return {
        "share": Slot(f"{percent}", SlotForm.PERCENT, "percent", behind, EvidenceProof.BASIS),
        "total": Slot.of(Money(total, snapshot.currency), SlotForm.AMOUNT, everything, templates_only=True),
    }
