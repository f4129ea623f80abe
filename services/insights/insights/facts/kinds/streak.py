"""Fact, and good news: months in a row, each of which cost less than the one before."""

from collections.abc import Sequence
from itertools import pairwise

from contracts.money import from_minor
from services.insights.insights.facts.fact import VALUE, Direction, Evidence, Fact, Form, Kind, Slot, month_slot
from services.insights.insights.facts.snapshot import Ground, month_before
from services.insights.periods import Period

_FEWEST = 3
"""Falls in a row: of four months without a trend, one order in twenty-four falls throughout."""
_CLEARLY = 0.97
"""Of the month before."""


def streak(ground: Ground) -> list[Fact]:
    """Whole months up to the last one that fall by at least 3 % each; told with the first and the last sum."""
    months = _falling(ground)
    if len(months) <= _FEWEST:
        return []
    currency, (last, *_, first) = ground.currency, months
    spent, at_first = ground.total(last), ground.total(first)
    behind = Evidence(last, currency)
    slots = {
        VALUE: Slot(from_minor(spent, currency), Form.AMOUNT, currency, behind),
        "month": month_slot(last.since, ground.today),
        "first_month": month_slot(first.since, ground.today, templates_only=True),
        "first": Slot(
            from_minor(at_first, currency), Form.AMOUNT, currency, Evidence(first, currency), templates_only=True
        ),
        "months": Slot(str(len(months) - 1), Form.COUNT, "months", templates_only=True),
    }
    return [
        Fact(
            id=f"{Kind.STREAK}.{last.since:%Y-%m}",
            kind=Kind.STREAK,
            period=Period(first.since, last.until),
            direction=Direction.DOWN,
            evidence=behind,
            revision=ground.revision,
            slots=slots,
            money=at_first - spent,
            surprise=min(0.9, 0.15 * len(months)),
        )
    ]


def _falling(ground: Ground) -> Sequence[Period]:
    """The months of the streak, the latest first, with the one that it fell from."""
    if ground.whole_months[:1] != [month_before(ground.today)]:
        return []
    run = [ground.whole_months[0]]
    for later, earlier in pairwise(ground.whole_months):
        adjoining = month_before(later.since) == earlier
        if not adjoining or not 0 < ground.total(later) < _CLEARLY * ground.total(earlier):
            break
        run.append(earlier)
    return run
