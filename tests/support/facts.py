"""Builders of grounds, and of facts as the finders make them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid5

from contracts.ids import CategoryId, ExpenseId
from services.insights.insights.facts import payments as one_by_one
from services.insights.insights.facts.fact import Fact
from services.insights.insights.facts.finders import find_facts
from services.insights.insights.facts.snapshot import FactSnapshot

NAMES = UUID("6f1b6d0e-2b0a-4c1a-9d55-0c3f5c1a7e11")

Payment = tuple[str, int, str] | tuple[str, int, str, str]
"""ISO day, minor units, category, and the merchant if there is one."""


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def category_id(name: str) -> CategoryId:
    return CategoryId(uuid5(NAMES, name))


def snapshot(today: str, payments: Sequence[Payment], currency: str = "EUR") -> FactSnapshot:
    """As the store reads it from these payments."""
    return FactSnapshot(
        currency=currency,
        today=day(today),
        revision=42,
        since=min((day(on) for on, *_ in payments), default=None),
        payments=_one_by_one(payments),
        names={category_id(category): category for _, _, category, *_ in payments},
    )


def _one_by_one(payments: Sequence[Payment]) -> Sequence[one_by_one.Payment]:
    ordered = sorted(payments, key=lambda payment: payment[0])
    return tuple(
        one_by_one.Payment(ExpenseId(UUID(int=number)), day(on), minor, category_id(category), "".join(merchant))
        for number, (on, minor, category, *merchant) in enumerate(ordered, 1)
    )


def every_month(months: Mapping[str, Sequence[int]], days: Sequence[int] = (1, 15, 28)) -> list[Payment]:
    """For each month the amounts, on these days."""
    return [
        (f"{month}-{on:02d}", minor, "Food")
        for month, amounts in months.items()
        for on, minor in zip(days, amounts, strict=True)
    ]


def only(facts: Sequence[Fact]) -> Fact:
    (fact,) = facts
    return fact


def shown(fact: Fact) -> dict[str, str]:
    return {name: slot.value for name, slot in fact.slots.items()}


TYPICAL = snapshot(
    "2026-11-22",
    [
        ("2026-10-01", 40_000, "Rent"),
        ("2026-10-12", 3_000, "Food"),
        ("2026-10-30", 2_000, "Food"),
        ("2026-11-01", 30_000, "Rent"),
        ("2026-11-05", 1_500, "Food"),
        ("2026-11-07", 500, "Fun"),
        ("2026-11-12", 2_500, "Food"),
        ("2026-11-21", 1_000, "Food"),
    ],
)
"""Less than in the month before; too little history for anything but its own pace."""

LARGEST, CHANGE, PACE = find_facts(TYPICAL)
