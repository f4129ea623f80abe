"""Fact: the category in which most of this month's money went, and its share."""

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
from services.insights.insights.facts.snapshot import CategorySum, Ground
from services.insights.shares import has_shares


def largest_category(ground: Ground) -> list[Fact]:
    """The category with the highest sum from the 1st to today; equal sums: by name.

    share = its sum / the sum of all, where `has_shares`.
    """
    spent = [category for category in ground.categories if category.total > 0]
    if not spent:
        return []
    top = min(spent, key=lambda category: (-category.total, category.name, category.id))
    period, currency = ground.so_far, ground.currency
    behind = Evidence(period, currency, top.id)
    slots = {
        VALUE: Slot(from_minor(top.total, currency), Form.AMOUNT, currency, behind),
        "category": Slot(top.name, Form.NAME),
        "month": month_slot(period.since, ground.today),
    }
    return [
        Fact(
            id=f"{Kind.LARGEST_CATEGORY}.{period.since:%Y-%m}",
            kind=Kind.LARGEST_CATEGORY,
            period=period,
            direction=Direction.NONE,
            evidence=behind,
            revision=ground.revision,
            slots=slots | _share(ground, top, behind),
            money=top.total,
            surprise=ORDINARY,
        )
    ]


def _share(ground: Ground, top: CategorySum, behind: Evidence) -> dict[str, Slot]:
    total = ground.total(ground.so_far)
    if not has_shares(category.total for category in ground.categories):
        return {}
    percent = (Decimal(top.total) * 100 / Decimal(total)).quantize(Decimal("0.01"))
    everything = Evidence(ground.so_far, ground.currency)
    return {
        "share": Slot(f"{percent}", Form.PERCENT, "percent", behind, Proof.BASIS),
        "total": Slot(
            from_minor(total, ground.currency), Form.AMOUNT, ground.currency, everything, templates_only=True
        ),
    }
