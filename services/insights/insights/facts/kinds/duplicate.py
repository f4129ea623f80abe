"""Fact: the same amount paid to the same merchant on the same day, where that is not usual there.

Two equal coffees are no mistake. A pair is told only where none was seen at that merchant before, and where it is
either part of a series, which charges once, or of an amount that is above the median of all and was not paid there
before: a merchant with a price list sells two of a thing, and one who is hardly known may have one.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence

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
from services.insights.insights.facts.payments import MOST_LISTED, Payment, digest, within
from services.insights.insights.facts.robust_statistics import at_quantile
from services.insights.insights.facts.snapshot import FactSnapshot
from services.insights.periods import Period

_RECENT = dt.timedelta(days=30)
_FEWEST = 3
"""Earlier payments to the merchant; fewer do not show what is usual there."""
_SURPRISE = 0.95


def duplicate(snapshot: FactSnapshot) -> list[Fact]:
    """Equal payments of one day in the last month. Groups too large to list are usual there, and no duplicates."""
    small = at_quantile((payment.minor for payment in snapshot.until_today), 0.5)
    recent = Period(snapshot.today - _RECENT, snapshot.today)
    facts = []
    for key, payments in snapshot.merchants.items():
        groups = defaultdict[tuple[dt.date, int], list[Payment]](list)
        for payment in within(payments, recent):
            groups[payment.day, payment.minor].append(payment)
        earlier = within(payments, Period(dt.date.min, recent.since - dt.timedelta(days=1)))
        facts += [
            _fact(snapshot, key, alike)
            for alike in groups.values()
            if 1 < len(alike) <= MOST_LISTED and alike[0].minor > 0 and _is_odd(snapshot, alike, earlier, small)
        ]
    return facts


def _is_odd(snapshot: FactSnapshot, alike: Sequence[Payment], earlier: Sequence[Payment], small: int) -> bool:
    pairs = Counter((payment.day, payment.minor) for payment in earlier)
    if max(pairs.values(), default=0) > 1:
        return False
    if any(payment.id in snapshot.charged for payment in alike):
        return True
    has_price = any(payment.minor == alike[0].minor for payment in earlier)
    return len(earlier) >= _FEWEST and not has_price and alike[0].minor > small


def _fact(snapshot: FactSnapshot, key: str, alike: Sequence[Payment]) -> Fact:
    currency, payment = snapshot.currency, alike[0]
    first = Evidence.of([payment], currency)
    behind = Evidence.of(alike, currency)
    slots = {
        VALUE: Slot.of(Money(payment.minor, currency), SlotForm.AMOUNT, first),
        "merchant": Slot(payment.merchant, SlotForm.NAME),
        "day": day_slot(payment.day, snapshot.today),
        "times": Slot(str(len(alike)), SlotForm.COUNT, "payments", behind, EvidenceProof.COUNT, templates_only=True),
    }
    return Fact(
        id=f"{FactKind.DUPLICATE}.{digest(key)}.{payment.day}.{payment.minor}",
        kind=FactKind.DUPLICATE,
        period=behind.period,
        direction=Direction.NONE,
        evidence=behind,
        revision=snapshot.revision,
        slots=slots,
        subject=key,
        money=payment.minor * (len(alike) - 1),
        surprise=_SURPRISE,
    )
