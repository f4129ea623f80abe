"""Fact: a payment far above what is usual at its merchant, or in its category.

Amounts are compared as logarithms, for they spread by factors. A payment is unusual where its modified z-score
against the earlier payments to its merchant, or for its category where the merchant has too few, is above 3.5
(Iglewicz and Hoaglin, 1993), and it is at least twice the median and more than any of them was in the last year.
Recurring payments have facts of their own.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from statistics import median_low
from uuid import UUID

from contracts.money import Money
from contracts.text import fold
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
from services.insights.insights.facts.payments import Payment, spanned, within
from services.insights.insights.facts.robust_statistics import distance, surprise
from services.insights.insights.facts.snapshot import FactSnapshot
from services.insights.periods import Period

_RECENT = dt.timedelta(days=30)
_FEWEST_AT_MERCHANT = 20
_FEWEST_IN_CATEGORY = 30
_FAR = 3.5
_TIMES = 2
_LEAST_SPREAD = 0.15
"""Of logarithms: a minimum, so that amounts that hardly differ do not make small deviations unusual."""
_AS_MUCH = 0.7
"""A merchant that got this fraction of the amount before is known for such payments."""
_LEAST = 0.02
"""Fraction of a typical month below which a payment is not worth telling."""


@dataclass(frozen=True)
class _Usual:
    """Earlier payments, and the amounts of those that are not refunds."""

    payments: Sequence[Payment]
    amounts: Sequence[int]
    logs: Sequence[float]
    highest: int
    """Of the last year."""

    @classmethod
    def of(cls, payments: Sequence[Payment], until: dt.date) -> "_Usual":
        earlier = within(payments, Period(dt.date.min, until))
        amounts = [payment.minor for payment in earlier if payment.minor > 0]
        year = within(earlier, Period(until - dt.timedelta(days=365), until))
        highest = max((payment.minor for payment in year), default=0)
        return cls(earlier, amounts, [log(amount) for amount in amounts], highest)

    def distance_of(self, minor: int) -> float:
        if minor <= self.highest or minor < _TIMES * median_low(self.amounts):
            return 0.0
        return distance(log(minor), self.logs, _LEAST_SPREAD)


def unusual(snapshot: FactSnapshot) -> list[Fact]:
    """Unusual payments of the last month."""
    usual = _Samples(snapshot)
    facts = []
    for payment in within(snapshot.until_today, Period(snapshot.today - _RECENT, snapshot.today)):
        if payment.id in snapshot.charged or payment.minor < max(_LEAST * snapshot.typical_month, 1):
            continue
        sample, at_merchant = usual.at(payment)
        if sample and (far := sample.distance_of(payment.minor)) > _FAR:
            facts.append(_fact(snapshot, payment, sample, far, at_merchant=at_merchant))
    return facts


class _Samples:
    """The usual amounts of merchants and categories, each computed once."""

    def __init__(self, snapshot: FactSnapshot) -> None:
        self._snapshot = snapshot
        self._until = snapshot.today - _RECENT - dt.timedelta(days=1)
        self._known: dict[str | UUID, _Usual] = {}

    def at(self, payment: Payment) -> tuple[_Usual | None, bool]:
        """Returns the sample to compare the payment with, and whether it is the merchant's own."""
        if payment.merchant:
            key = fold(payment.merchant)
            own = self._usual(key, self._snapshot.merchants[key])
            if len(own.amounts) >= _FEWEST_AT_MERCHANT:
                return own, True
            if any(amount >= _AS_MUCH * payment.minor for amount in own.amounts):
                return None, True
        sample = self._usual(payment.category, self._snapshot.by_category[payment.category])
        return (sample if len(sample.amounts) >= _FEWEST_IN_CATEGORY else None), False

    def _usual(self, key: str | UUID, payments: Sequence[Payment]) -> _Usual:
        if key not in self._known:
            self._known[key] = _Usual.of(payments, self._until)
        return self._known[key]


def _fact(snapshot: FactSnapshot, payment: Payment, sample: _Usual, far: float, *, at_merchant: bool) -> Fact:
    currency = snapshot.currency
    behind = Evidence.of([payment], currency)
    others = spanned(sample.payments)
    like = (
        Evidence(others, currency, merchant=payment.merchant)
        if at_merchant
        else Evidence(others, currency, category=payment.category)
    )
    typical = Slot.of(
        Money(median_low(sample.amounts), currency), SlotForm.AMOUNT, like, EvidenceProof.BASIS, templates_only=True
    )
    slots = {
        VALUE: Slot.of(Money(payment.minor, currency), SlotForm.AMOUNT, behind),
        "day": day_slot(payment.day, snapshot.today),
        "category": Slot(snapshot.names.get(payment.category, ""), SlotForm.NAME),
        "typical_there" if at_merchant else "typical": typical,
    }
    return Fact(
        id=f"{FactKind.UNUSUAL}.{payment.id}",
        kind=FactKind.UNUSUAL,
        period=behind.period,
        direction=Direction.NONE,
        evidence=behind,
        revision=snapshot.revision,
        slots=slots | ({"merchant": Slot(payment.merchant, SlotForm.NAME)} if payment.merchant else {}),
        subject=fold(payment.merchant) or str(payment.id),
        money=payment.minor,
        surprise=surprise(far),
    )
