"""Fact: where this month will end, as far as the months before can tell.

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

from contracts.money import from_minor
from services.insights.insights.facts.fact import ORDINARY, VALUE, Direction, Evidence, Fact, Form, Kind, Proof, Slot
from services.insights.insights.facts.snapshot import HISTORY, Ground, length, month_before
from services.insights.periods import Period, month_of

_FEWEST_MONTHS = 3
_FEWEST_FOR_INTERVAL = 6
"""An interval from the least to the most of six months holds with probability 5/7; below that it says too little."""
_FEWEST_DAYS = 7
_FEWEST_DAYS_WITH_PAYMENTS = 5


@dataclass(frozen=True)
class _Rest:
    """What the days left may bring, in minor units; `months` is how many months say so."""

    middle: Decimal
    low: int
    high: int
    months: int


def pace(ground: Ground) -> list[Fact]:
    """The projected total of the month; nothing on its last day, without payments, or with too little to go by."""
    month = month_of(ground.today)
    left = (month.until - ground.today).days
    spent = ground.total(ground.so_far)
    rest = _from_history(ground, left) or _from_this_month(ground, left)
    if not left or not ground.count(ground.so_far) or rest is None or spent + rest.middle <= 0:
        return []
    ahead = ground.total(Period(ground.today + dt.timedelta(days=1), month.until))
    rest = _Rest(max(rest.middle, Decimal(ahead)), max(rest.low, ahead), max(rest.high, ahead), rest.months)
    return [
        Fact(
            id=f"{Kind.PACE}.{month.since:%Y-%m}",
            kind=Kind.PACE,
            period=month,
            direction=Direction.NONE,
            evidence=Evidence(month if ahead else ground.so_far, ground.currency),
            revision=ground.revision,
            slots=_slots(ground, month, spent, rest),
            money=spent + int(rest.middle),
            surprise=ORDINARY,
        )
    ]


def _from_history(ground: Ground, left: int) -> _Rest | None:
    rests = _rests(ground, left)
    if len(rests) < _FEWEST_MONTHS:
        return None
    return _Rest(Decimal(median(rests)), min(rests), max(rests), len(rests))


def _rests(ground: Ground, left: int) -> Sequence[int]:
    found: list[int] = []
    for back in range(1, HISTORY + 1):
        month = month_before(ground.today, back)
        last_days = Period(month.until - dt.timedelta(days=left - 1), month.until)
        if ground.since and ground.since <= last_days.since and ground.count(month):
            found.append(ground.total(last_days))
    return found


def _from_this_month(ground: Ground, left: int) -> _Rest | None:
    so_far = ground.so_far
    busy = sum(1 for day in ground.days if so_far.since <= day.day <= so_far.until)
    spent = ground.total(so_far)
    if length(so_far) < _FEWEST_DAYS or busy < _FEWEST_DAYS_WITH_PAYMENTS or spent <= 0:
        return None
    rest = spent * left // length(so_far)
    return _Rest(Decimal(rest), rest, rest, 0)


def _slots(ground: Ground, month: Period, spent: int, rest: _Rest) -> dict[str, Slot]:
    currency = ground.currency
    so_far = Evidence(ground.so_far, currency)
    slots = {
        VALUE: Slot(
            _whole(spent + rest.middle, currency, ROUND_HALF_EVEN), Form.ESTIMATE, currency, so_far, Proof.BASIS
        ),
        "end": Slot(month.until.isoformat(), Form.DAY),
        "so_far": Slot(from_minor(spent, currency), Form.AMOUNT, currency, so_far, templates_only=True),
    }
    if rest.months:
        slots["months"] = Slot(str(rest.months), Form.COUNT, "months", templates_only=True)
    if rest.months >= _FEWEST_FOR_INTERVAL and rest.low < rest.high:
        earlier = Period(month_before(ground.today, HISTORY).since, month_before(ground.today).until)
        behind = Evidence(earlier, currency)
        low = _whole(Decimal(spent + rest.low), currency, ROUND_FLOOR)
        high = _whole(Decimal(spent + rest.high), currency, ROUND_CEILING)
        slots["low"] = Slot(low, Form.ESTIMATE, currency, behind, Proof.BASIS, templates_only=True)
        slots["high"] = Slot(high, Form.ESTIMATE, currency, behind, Proof.BASIS, templates_only=True)
    return slots


def _whole(minor: Decimal, currency: str, rounding: str) -> str:
    """Whole units of the currency: decimals would claim to know more than anybody does."""
    unit = Decimal(from_minor(1, currency))
    return f"{(minor * unit).quantize(Decimal(1), rounding=rounding)}"
