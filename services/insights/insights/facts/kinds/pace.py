"""Fact: the projected total of this month, from earlier months.

Let k be the days left. Each earlier month, kept throughout its last k days, says what k last days can bring. The
projection is what is spent so far plus the median of those; the interval reaches from the least to the most. If
this month is like those N before it, the end falls inside with probability (N - 1) / (N + 1): the rank of one more
value among N is as likely to be any as any other. Payments already dated ahead are a floor for the days left.

With too few earlier months the days so far stand for the days left, and the words say so.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from statistics import median

from contracts.money import Money
from services.insights.insights.facts.fact import (
    ORDINARY,
    VALUE,
    Direction,
    Evidence,
    EvidenceProof,
    Fact,
    FactKind,
    Slot,
    SlotForm,
)
from services.insights.insights.facts.snapshot import HISTORY, FactSnapshot, length, month_before
from services.insights.periods import Period, month_of

_FEWEST_MONTHS = 3
_FEWEST_FOR_INTERVAL = 6
"""An interval from the least to the most of six months holds with probability 5/7; below that it says too little."""
_FEWEST_DAYS = 7
_FEWEST_DAYS_WITH_PAYMENTS = 5


@dataclass(frozen=True)
class _Rest:
    """The projection of the remaining days, in minor units. `months` is the number of months behind it."""

    middle: Decimal
    low: int
    high: int
    months: int


def pace(snapshot: FactSnapshot) -> list[Fact]:
    """The projected total of the month. None on its last day, without payments, or with too little data."""
    month = month_of(snapshot.today)
    days_left = (month.until - snapshot.today).days
    spent = snapshot.total(snapshot.so_far)
    rest = _from_history(snapshot, days_left) or _from_this_month(snapshot, days_left)
    if not days_left or not snapshot.count(snapshot.so_far) or rest is None or spent + rest.middle <= 0:
        return []
    ahead = snapshot.total(Period(snapshot.today + dt.timedelta(days=1), month.until))
    rest = _Rest(max(rest.middle, Decimal(ahead)), max(rest.low, ahead), max(rest.high, ahead), rest.months)
    return [
        Fact(
            id=f"{FactKind.PACE}.{month.since:%Y-%m}",
            kind=FactKind.PACE,
            period=month,
            direction=Direction.NONE,
            evidence=Evidence(month if ahead else snapshot.so_far, snapshot.currency),
            revision=snapshot.revision,
            slots=_slots(snapshot, month, spent, rest),
            money=spent + int(rest.middle),
            surprise=ORDINARY,
        )
    ]


def _from_history(snapshot: FactSnapshot, days_left: int) -> _Rest | None:
    rests = _rests(snapshot, days_left)
    if len(rests) < _FEWEST_MONTHS:
        return None
    return _Rest(Decimal(median(rests)), min(rests), max(rests), len(rests))


def _rests(snapshot: FactSnapshot, days_left: int) -> Sequence[int]:
    rests: list[int] = []
    for back in range(1, HISTORY + 1):
        month = month_before(snapshot.today, back)
        last_days = Period(month.until - dt.timedelta(days=days_left - 1), month.until)
        if snapshot.since and snapshot.since <= last_days.since and snapshot.count(month):
            rests.append(snapshot.total(last_days))
    return rests


def _from_this_month(snapshot: FactSnapshot, days_left: int) -> _Rest | None:
    so_far = snapshot.so_far
    busy = sum(1 for day in snapshot.days if so_far.since <= day.day <= so_far.until)
    spent = snapshot.total(so_far)
    if length(so_far) < _FEWEST_DAYS or busy < _FEWEST_DAYS_WITH_PAYMENTS or spent <= 0:
        return None
    rest = spent * days_left // length(so_far)
    return _Rest(Decimal(rest), rest, rest, 0)


def _slots(snapshot: FactSnapshot, month: Period, spent: int, rest: _Rest) -> dict[str, Slot]:
    currency = snapshot.currency
    so_far = Evidence(snapshot.so_far, currency)
    slots = {
        VALUE: Slot(
            _whole(spent + rest.middle, currency, ROUND_HALF_EVEN),
            SlotForm.ESTIMATE,
            currency,
            so_far,
            EvidenceProof.BASIS,
        ),
        "end": Slot(month.until.isoformat(), SlotForm.DAY),
        "so_far": Slot.of(Money(spent, currency), SlotForm.AMOUNT, so_far, templates_only=True),
    }
    if rest.months:
        slots["months"] = Slot(str(rest.months), SlotForm.COUNT, "months", templates_only=True)
    if rest.months >= _FEWEST_FOR_INTERVAL and rest.low < rest.high:
        earlier = Period(month_before(snapshot.today, HISTORY).since, month_before(snapshot.today).until)
        behind = Evidence(earlier, currency)
        low = _whole(Decimal(spent + rest.low), currency, ROUND_FLOOR)
        high = _whole(Decimal(spent + rest.high), currency, ROUND_CEILING)
        slots["low"] = Slot(low, SlotForm.ESTIMATE, currency, behind, EvidenceProof.BASIS, templates_only=True)
        slots["high"] = Slot(high, SlotForm.ESTIMATE, currency, behind, EvidenceProof.BASIS, templates_only=True)
    return slots


def _whole(minor: Decimal, currency: str, rounding: str) -> str:
    """Whole units of the currency: decimals would suggest a precision that does not exist."""
    unit = Decimal(Money(1, currency).amount)
    return f"{(minor * unit).quantize(Decimal(1), rounding=rounding)}"
