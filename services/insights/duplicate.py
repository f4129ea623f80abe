"""Fact: the same amount paid to the same merchant on the same day, where that is not how one pays there.

Two equal coffees are no mistake. A pair is told only where none was seen at that merchant before, where its chance
is small - the merchant's payments a day, times the part of them that has this price - and where the amount is no
small one for this ledger.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence

from contracts.money import from_minor
from services.insights.facts import VALUE, Direction, Evidence, Fact, Form, Kind, Proof, Slot
from services.insights.ground import Ground
from services.insights.payments import Payment, digest, ids, spanned, within
from services.insights.periods import Period
from services.insights.robust import at_quantile

_RECENT = dt.timedelta(days=30)
_LIKELY = 0.02
_SURPRISE = 0.95


def duplicate(ground: Ground) -> list[Fact]:
    """Equal payments of one day, of the last month."""
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
            for (_, minor), alike in groups.items()
            if len(alike) > 1 and minor >= max(small, 1) and not _is_usual(earlier, minor)
        ]
    return found


def _is_usual(earlier: Sequence[Payment], minor: int) -> bool:
    """Whether pairs happen there, or would by chance."""
    if not earlier:
        return False
    seen = Counter((payment.day, payment.minor) for payment in earlier)
    days = (earlier[-1].day - earlier[0].day).days + 1
    alike = sum(1 for payment in earlier if payment.minor == minor)
    chance = len(earlier) / days * (alike + 0.5) / (len(earlier) + 1)
    return max(seen.values()) > 1 or (len(earlier) > 1 and chance > _LIKELY)


def _fact(ground: Ground, key: str, alike: Sequence[Payment]) -> Fact:
    currency, one = ground.currency, alike[0]
    first = Evidence(spanned([one]), currency, ids=(one.id,))
    behind = Evidence(spanned(alike), currency, ids=ids(alike))
    slots = {
        VALUE: Slot(from_minor(one.minor, currency), Form.AMOUNT, currency, first),
        "merchant": Slot(one.merchant, Form.NAME),
        "day": Slot(one.day.isoformat(), Form.DAY, templates_only=True),
        "times": Slot(str(len(alike)), Form.COUNT, "payments", behind, Proof.COUNT, templates_only=True),
    }
    return Fact(
        id=f"{Kind.DUPLICATE}:{digest(key)}:{one.day}:{one.minor}",
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
