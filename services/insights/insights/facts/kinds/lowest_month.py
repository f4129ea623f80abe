"""Fact, and good news: the last whole month cost less than any month before it."""

from contracts.money import Money
from services.insights.insights.facts.fact import VALUE, Direction, Evidence, Fact, FactKind, Slot, SlotForm, month_slot
from services.insights.insights.facts.snapshot import FactSnapshot, month_before

_FEWEST = 6
"""Earlier months needed; the lowest of few is chance."""
_CLEARLY = 0.95
"""Fraction of the next lowest month; a smaller difference is chance."""
_SURPRISE = 0.45


def lowest_month(snapshot: FactSnapshot) -> list[Fact]:
    """The sum of the last whole month, where it is below 95 % of the lowest of at least six months before it."""
    last = month_before(snapshot.today)
    if snapshot.whole_months[:1] != [last] or len(snapshot.whole_months) <= _FEWEST:
        return []
    spent = snapshot.total(last)
    lowest = min(snapshot.whole_months[1:], key=snapshot.total)
    if not 0 < spent < _CLEARLY * snapshot.total(lowest):
        return []
    currency = snapshot.currency
    behind, next_lowest = Evidence(last, currency), Evidence(lowest, currency)
    slots = {
        VALUE: Slot.of(Money(spent, currency), SlotForm.AMOUNT, behind),
        "month": month_slot(last.since, snapshot.today),
        "months": Slot(str(len(snapshot.whole_months) - 1), SlotForm.COUNT, "months", templates_only=True),
        "lowest": Slot.of(Money(snapshot.total(lowest), currency), SlotForm.AMOUNT, next_lowest, templates_only=True),
        "lowest_month": month_slot(lowest.since, snapshot.today, templates_only=True),
    }
    return [
        Fact(
            id=f"{FactKind.LOWEST_MONTH}.{last.since:%Y-%m}",
            kind=FactKind.LOWEST_MONTH,
            period=last,
            direction=Direction.DOWN,
            evidence=behind,
            revision=snapshot.revision,
            slots=slots,
            money=snapshot.total(lowest) - spent,
            surprise=_SURPRISE,
        )
    ]
