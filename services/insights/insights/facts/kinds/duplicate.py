"""Fact: the same amount paid to the same merchant on the same day, where that is not how one pays there.

Two equal coffees are no mistake. A pair is told only where none was seen at that merchant before, and where it is
either part of a series, which charges once, or of an amount that is above the median of all and was not paid there
before: a merchant with a price list sells two of a thing, and one who is hardly known may have one.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence

from contracts.money import from_minor
from services.insights.insights.facts.fact import VALUE, Direction, Evidence, Fact, Form, Kind, Proof, Slot, day_slot
from services.insights.insights.facts.payments import MOST_LISTED, Payment, digest, within
from services.insights.insights.facts.robust_statistics import at_quantile
from services.insights.insights.facts.snapshot import Ground
from services.insights.periods import Period

_RECENT = dt.timedelta(days=30)
_FEWEST = 3
"""Earlier payments there; fewer say nothing of how one pays."""
_SURPRISE = 0.95


def duplicate(ground: Ground) -> list[Fact]:
    """Equal payments of one day, of the last month; more of them than can be listed are how one pays there."""
    small = at_quantile((payment.minor for payment in ground.until_today), 0.5)
    recent = Period(ground.today - _RECENT, ground.today)
    found = []
    for key, payments in ground.merchants.items():
        groups = defaultdict[tuple[dt.date, int], list[Payment]](list)
        for payment in within(payments, recent):
            groups[payment.day, payment.minor].append(payment)
        earlier = within(payments, Period(dt.date.min, recent.since - dt.timedelta(days=1)))
        found += [
            _fact(ground, key, alike)
            for alike in groups.values()
            if 1 < len(alike) <= MOST_LISTED and alike[0].minor > 0 and _is_odd(ground, alike, earlier, small)
        ]
    return found


def _is_odd(ground: Ground, alike: Sequence[Payment], earlier: Sequence[Payment], small: int) -> bool:
    pairs = Counter((payment.day, payment.minor) for payment in earlier)
    if max(pairs.values(), default=0) > 1:
        return False
    if any(payment.id in ground.charged for payment in alike):
        return True
    has_price = any(payment.minor == alike[0].minor for payment in earlier)
    return len(earlier) >= _FEWEST and not has_price and alike[0].minor > small


def _fact(ground: Ground, key: str, alike: Sequence[Payment]) -> Fact:
    currency, one = ground.currency, alike[0]
    first = Evidence.of([one], currency)
    behind = Evidence.of(alike, currency)
    slots = {
        VALUE: Slot(from_minor(one.minor, currency), Form.AMOUNT, currency, first),
        "merchant": Slot(one.merchant, Form.NAME),
        "day": day_slot(one.day, ground.today),
        "times": Slot(str(len(alike)), Form.COUNT, "payments", behind, Proof.COUNT, templates_only=True),
    }
    return Fact(
        id=f"{Kind.DUPLICATE}.{digest(key)}.{one.day}.{one.minor}",
        kind=Kind.DUPLICATE,
        period=behind.period,
        direction=Direction.NONE,
        evidence=behind,
        revision=ground.revision,
        slots=slots,
        subject=key,
        money=one.minor * (len(alike) - 1),
        surprise=_SURPRISE,
    )
