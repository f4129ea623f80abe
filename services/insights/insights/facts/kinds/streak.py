"""Fact, and good news: months in a row, each of which cost less than the one before."""

from collections.abc import Sequence
from itertools import pairwise

from contracts.money import Money
from services.insights.insights.facts.fact import VALUE, Direction, Evidence, Fact, FactKind, Slot, SlotForm, month_slot
from services.insights.insights.facts.snapshot import FactSnapshot, month_before
from services.insights.periods import Period

_FEWEST = 3
"""Falls in a row: of four months without a trend, one order in twenty-four falls throughout."""
_CLEARLY = 0.97
"""Of the month before."""


def streak(snapshot: FactSnapshot) -> list[Fact]:
    """Whole months up to the last one that fall by at least 3 % each; told with the first and the last sum."""
    months = _falling(snapshot)
    if len(months) <= _FEWEST:
        return []
    currency, (last, *_, first) = snapshot.currency, months
    spent, at_first = snapshot.total(last), snapshot.total(first)
    behind = Evidence(last, currency)
    slots = {
        VALUE: Slot.of(Money(spent, currency), SlotForm.AMOUNT, behind),
        "month": month_slot(last.since, snapshot.today),
        "first_month": month_slot(first.since, snapshot.today, templates_only=True),
        "first": Slot.of(Money(at_first, currency), SlotForm.AMOUNT, Evidence(first, currency), templates_only=True),
        "months": Slot(str(len(months) - 1), SlotForm.COUNT, "months", templates_only=True),
    }
    return [
        Fact(
            id=f"{FactKind.STREAK}.{last.since:%Y-%m}",
            kind=FactKind.STREAK,
            period=Period(first.since, last.until),
            direction=Direction.DOWN,
            evidence=behind,
            revision=snapshot.revision,
            slots=slots,
            money=at_first - spent,
            surprise=min(0.9, 0.15 * len(months)),
        )
    ]


def _falling(snapshot: FactSnapshot) -> Sequence[Period]:
    """The months of the streak, the latest first, with the one that it fell from."""
    if snapshot.whole_months[:1] != [month_before(snapshot.today)]:
        return []
    run = [snapshot.whole_months[0]]
    for later, earlier in pairwise(snapshot.whole_months):
        adjoining = month_before(later.since) == earlier
        if not adjoining or not 0 < snapshot.total(later) < _CLEARLY * snapshot.total(earlier):
            break
        run.append(earlier)
    return run
