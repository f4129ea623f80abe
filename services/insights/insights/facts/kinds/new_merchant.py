"""Fact: the first payments to a merchant, where they are not small."""

import datetime as dt

from contracts.money import from_minor
from services.insights.insights.facts.fact import VALUE, Direction, Evidence, Fact, Form, Kind, Proof, Slot, day_slot
from services.insights.insights.facts.payments import digest, total
from services.insights.insights.facts.robust_statistics import at_quantile
from services.insights.insights.facts.snapshot import Ground
from services.insights.periods import Period

_RECENT = dt.timedelta(days=14)
_SETTLED = dt.timedelta(days=90)
"""A ledger younger than this meets a new merchant every day."""
_LARGE = 0.8
"""More than this part of all payments is paid to few merchants at the first visit."""
_SURPRISE = 0.35


def new_merchant(ground: Ground) -> list[Fact]:
    """Merchants first paid in the last fortnight, and the sum of what they got."""
    if ground.since is None or ground.since > ground.today - _SETTLED:
        return []
    large = at_quantile((payment.minor for payment in ground.until_today), _LARGE)
    found = []
    for key, payments in ground.merchants.items():
        begun = payments[0].day
        if begun > ground.today - _RECENT and max(payment.minor for payment in payments) > large:
            found += [_fact(ground, key)] if total(payments) > 0 else []
    return found


def _fact(ground: Ground, key: str) -> Fact:
    payments, currency = ground.merchants[key], ground.currency
    begun = payments[0].day
    behind = Evidence(Period(begun, ground.today), currency, merchant=payments[-1].merchant)
    count = len(payments)
    slots = {
        VALUE: Slot(from_minor(total(payments), currency), Form.AMOUNT, currency, behind),
        "merchant": Slot(payments[-1].merchant, Form.NAME),
        "day": day_slot(begun, ground.today),
    }
    times = {"times": Slot(str(count), Form.COUNT, "payments", behind, Proof.COUNT, templates_only=True)}
    return Fact(
        id=f"{Kind.NEW_MERCHANT}.{digest(key)}.{begun}",
        kind=Kind.NEW_MERCHANT,
        period=behind.period,
        direction=Direction.NONE,
        evidence=behind,
        revision=ground.revision,
        slots=slots | (times if count > 1 else {}),
        subject=key,
        money=total(payments),
        surprise=_SURPRISE,
    )
