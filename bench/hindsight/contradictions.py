"""Items that cannot be true on one page."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from bench.hindsight.ledgers import RecordedLedger
from services.insights.insights.facts.fact import VALUE, Fact, FactKind
from services.insights.periods import month_of

_HOLE = 10
"""Days without a payment that make a month one with a hole."""
_SAME = Decimal("0.005")


def contradictions(ledger: RecordedLedger, today: dt.date, page: Sequence[Fact]) -> Iterator[str]:
    """Yields each in a sentence."""
    yield from _forecast_below_bills(today, page)
    yield from _stopped_and_paid(page)
    yield from _light_with_hole(ledger, page)


def _forecast_below_bills(today: dt.date, page: Sequence[Fact]) -> Iterator[str]:
    """Yields a forecast that is below what is spent and the bills that the page announces for this month."""
    until = month_of(today).until.isoformat()
    bills = [fact.value for fact in page if fact.kind is FactKind.UPCOMING and fact.slots["due"].value <= until]
    for fact in page:
        if fact.kind is FactKind.PACE:
            least = Decimal(fact.slots["so_far"].value) + sum(Decimal(bill.value) for bill in bills)
            if Decimal(fact.value.value) < least - 1:
                yield f"forecast {fact.value.value} below {least}, spent and announced"


def _stopped_and_paid(page: Sequence[Fact]) -> Iterator[str]:
    """Yields a bill that is said to have stopped beside another item of its amount that says it is paid."""
    paid = {FactKind.NEW_MERCHANT, FactKind.UPCOMING, FactKind.RECURRING, FactKind.UNUSUAL}
    for ended in page:
        if ended.kind is not FactKind.STOPPED:
            continue
        amount = Decimal(ended.slots[VALUE].value)
        for fact in page:
            if fact.kind in paid and abs(Decimal(fact.slots[VALUE].value) - amount) <= _SAME * amount:
                yield f"{ended.slots['merchant'].value} stopped at {amount} beside {fact.kind} of the same"


def _light_with_hole(ledger: RecordedLedger, page: Sequence[Fact]) -> Iterator[str]:
    """Yields months called light in which nothing was written down for ten days."""
    for fact in page:
        if fact.kind in {FactKind.LOWEST_MONTH, FactKind.STREAK}:
            since, until = fact.period
            days = [since, *(p.day for p in ledger.payments if since <= p.day <= until), until]
            longest = max((later - earlier).days for earlier, later in pairwise(days))
            if longest > _HOLE:
                yield f"{fact.kind} {since} to {until} with {longest} days of nothing"
