"""Fact, and good news: the last whole month cost less than any of those before it."""

from contracts.money import from_minor
from services.insights.insights.facts.fact import VALUE, Direction, Evidence, Fact, Form, Kind, Slot, month_slot
from services.insights.insights.facts.snapshot import Ground, month_before

_FEWEST = 6
"""Months before it: the lowest of few is luck."""
_CLEARLY = 0.95
"""Of the next lowest: less of a difference is chance."""
_SURPRISE = 0.45


def lowest_month(ground: Ground) -> list[Fact]:
    """The sum of the last whole month, where it is below 95 % of the lowest of at least six months before it."""
    last = month_before(ground.today)
    if ground.whole_months[:1] != [last] or len(ground.whole_months) <= _FEWEST:
        return []
    spent = ground.total(last)
    lowest = min(ground.whole_months[1:], key=ground.total)
    if not 0 < spent < _CLEARLY * ground.total(lowest):
        return []
    currency = ground.currency
    behind, next_lowest = Evidence(last, currency), Evidence(lowest, currency)
    slots = {
        VALUE: Slot(from_minor(spent, currency), Form.AMOUNT, currency, behind),
        "month": month_slot(last.since, ground.today),
        "months": Slot(str(len(ground.whole_months) - 1), Form.COUNT, "months", templates_only=True),
        "lowest": Slot(
            from_minor(ground.total(lowest), currency), Form.AMOUNT, currency, next_lowest, templates_only=True
        ),
        "lowest_month": month_slot(lowest.since, ground.today, templates_only=True),
    }
    return [
        Fact(
            id=f"{Kind.LOWEST_MONTH}.{last.since:%Y-%m}",
            kind=Kind.LOWEST_MONTH,
            period=last,
            direction=Direction.DOWN,
            evidence=behind,
            revision=ground.revision,
            slots=slots,
            money=ground.total(lowest) - spent,
            surprise=_SURPRISE,
        )
    ]
