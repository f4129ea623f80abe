"""What became of each thing that was told: true, false, or undecided where the ledger ends too early.

The rules are those of docs/insights.md, "What makes it true". They read the payments that a fact shows as its evidence,
its slots and the ledger after that day; nothing of how the fact was found.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from statistics import median
from uuid import UUID

from bench.hindsight.bills import RegularBill, expected, same_contract
from bench.hindsight.ledgers import LedgerPayment, RecordedLedger, category_id
from contracts.money import Money
from contracts.text import fold
from services.insights.insights.facts.fact import VALUE, Direction, Fact, FactKind
from services.insights.periods import month_of

Verdict = bool | None
"""None: the ledger ends before it shows."""

_DAY = dt.timedelta(days=1)


def verdict(ledger: RecordedLedger, today: dt.date, fact: Fact) -> Verdict:
    """Judges a fact that was told on that day."""
    return _RULES[fact.kind](ledger, today, fact)


def year_cost_is_right(ledger: RecordedLedger, fact: Fact) -> Verdict:
    """Whether the charges of the year after the last one come within 10 % of the told cost; None where it ended."""
    charges = _evidence(ledger, fact)
    bill, until = RegularBill(charges), charges[-1].day + dt.timedelta(days=365)
    later = [charge for charge in same_contract(ledger, charges) if bill.last.day < charge.day <= until]
    if ledger.last_day < until or len(later) < 0.7 * 365 / bill.step:
        return None
    told = Money.read(fact.slots["yearly"].value, ledger.currency).minor
    paid = sum(charge.minor for charge in later)
    return abs(told - paid) <= 0.1 * paid


def _evidence(ledger: RecordedLedger, fact: Fact) -> list[LedgerPayment]:
    return sorted((ledger.by_id[id_] for id_ in fact.evidence.ids), key=lambda payment: payment.day)


def _recurring(ledger: RecordedLedger, today: dt.date, fact: Fact) -> Verdict:
    """The next two charges came, and the charges are not a choice among everyday purchases."""
    bill = RegularBill(_evidence(ledger, fact))
    alike = same_contract(ledger, bill.charges)
    within = [payment for payment in alike if bill.charges[0].day <= payment.day <= bill.last.day]
    if len(within) > 1.5 * len(bill.charges):
        return False
    day = bill.last.day
    for _ in range(2):
        due = expected(day, bill.step)
        came = [payment.day for payment in alike if payment.day > day and abs((payment.day - due).days) <= bill.slack]
        if not came:
            return None if due + bill.slack * _DAY > ledger.last_day else False
        day = came[-1]
    return True


def _stopped(ledger: RecordedLedger, today: dt.date, fact: Fact) -> Verdict:
    """No charge came for four steps (or one and half a year), nor within 30 days; and the ledger went on meanwhile."""
    bill = RegularBill(_evidence(ledger, fact))
    until = max(min(bill.due(4), bill.due() + 180 * _DAY), today + 30 * _DAY)
    back = [charge for charge in same_contract(ledger, bill.charges) if bill.last.day < charge.day <= until]
    silent = not any(bill.due() < payment.day <= today for payment in ledger.own)
    if back or silent:
        return False
    return True if until <= ledger.last_day else None


def _price_rise(ledger: RecordedLedger, today: dt.date, fact: Fact) -> Verdict:
    """The three charges before cost the same (1 %), and the next two cost at least the new price (less 2 %)."""
    before, after = _evidence(ledger, fact)
    alike = [p for p in same_contract(ledger, [before, after]) if p.payee == after.payee]
    earlier = [payment.minor for payment in alike if payment.day < after.day][-3:]
    later = [payment.minor for payment in alike if payment.day > after.day][:2]
    if any(abs(minor - before.minor) > 0.01 * before.minor for minor in earlier):
        return False
    if any(minor < 0.98 * after.minor for minor in later):
        return False
    return True if later else None


def _upcoming(ledger: RecordedLedger, today: dt.date, fact: Fact) -> Verdict:
    """A charge within 25 % of the last one came within five days of the told day."""
    last = _evidence(ledger, fact)
    due = dt.date.fromisoformat(fact.slots["due"].value)
    alike = same_contract(ledger, last[-1:], band=1.25)
    came = any(payment.day > last[-1].day and abs((payment.day - due).days) <= 5 for payment in alike)
    return came or (None if due + 5 * _DAY > ledger.last_day else False)


def _unusual(ledger: RecordedLedger, today: dt.date, fact: Fact) -> Verdict:
    """Three times the median of the year around it, at its payee or in its category, and not the first of many."""
    (payment,) = _evidence(ledger, fact)
    at_payee = [p for p in ledger.own if p.payee == payment.payee and p.id != payment.id and payment.payee]
    in_category = [p for p in ledger.own if p.category == payment.category and p.id != payment.id]
    others = at_payee if len(at_payee) >= 5 else in_category
    year = [p.minor for p in others if abs((p.day - payment.day).days) <= 365]
    after = [p for p in others if 0 < (p.day - payment.day).days <= 90 and p.minor >= 0.7 * payment.minor]
    return bool(year) and payment.minor >= 3 * median(year) and len(after) < 3


def _habit_change(ledger: RecordedLedger, today: dt.date, fact: Fact) -> Verdict:
    """The whole month differs from the median of the six before in the told direction, by 10 % of it at least."""
    evidence = fact.evidence
    name = fold(evidence.merchant or "")
    chosen = [
        payment
        for payment in ledger.own
        if (payment.payee == name if evidence.merchant else category_id(payment.category) == evidence.category)
    ]
    return _month_differs(ledger, chosen, today, fact.direction)


def _weekday_change(ledger: RecordedLedger, today: dt.date, fact: Fact) -> Verdict:
    """The four weeks after also differ from the median of the twelve blocks before in the told direction, by 10 %."""
    days = [payment for payment in ledger.own if payment.day.isoweekday() == fact.evidence.weekday]
    weeks = 28 * _DAY
    if today + weeks > ledger.last_day:
        return None
    ends = [today + weeks, *(today - number * weeks for number in range(1, 13))]
    after, *before = (sum(p.minor for p in days if end - weeks < p.day <= end) for end in ends)
    return _differs(after, before, fact.direction)


def _new_merchant(ledger: RecordedLedger, today: dt.date, fact: Fact) -> Verdict:
    """Nothing was ever paid there before, and something was paid there again within a year."""
    name = fold(fact.slots["merchant"].value)
    days = [payment.day for payment in ledger.payments if payment.payee == name]
    told = [day for day in days if fact.period.since <= day <= today]
    if days[0] < told[0]:
        return False
    if any(told[-1] < day <= today + 365 * _DAY for day in days) or len(set(told)) > 1:
        return True
    return None if today + 365 * _DAY > ledger.last_day else False


def _duplicate(ledger: RecordedLedger, today: dt.date, fact: Fact) -> Verdict:
    """In the year before and after, nothing else was paid twice in a day at one amount there."""
    charge = _evidence(ledger, fact)[0]
    pairs = Counter(
        (payment.day, payment.minor)
        for payment in ledger.own
        if payment.payee == charge.payee and payment.day != charge.day and abs((payment.day - charge.day).days) <= 365
    )
    return max(pairs.values(), default=0) < 2


def _change(ledger: RecordedLedger, today: dt.date, fact: Fact) -> Verdict:
    """The whole month ended above or below the month before, as it was told."""
    month = month_of(today)
    if month.until > ledger.last_day:
        return None
    before = month_of(month.since - _DAY)
    return Direction.of(ledger.total(*month) - ledger.total(*before)) is fact.direction


def _largest_category(ledger: RecordedLedger, today: dt.date, fact: Fact) -> Verdict:
    """No other category had more in the told days."""
    sums: Counter[UUID] = Counter()
    for payment in ledger.own:
        if fact.period.since <= payment.day <= fact.period.until:
            sums[category_id(payment.category)] += payment.minor
    return fact.evidence.category is not None and sums[fact.evidence.category] == max(sums.values())


def _light_months(ledger: RecordedLedger, today: dt.date, fact: Fact) -> Verdict:
    """No month has a hole of ten days, and without the largest payment of each the order is the same."""
    first = fact.period.since
    months = [month_of(first)]
    while months[-1].until < fact.period.until:
        months.append(month_of(months[-1].until + _DAY))
    before = month_of(months[0].since - _DAY)
    if any(_longest_gap(ledger, month.since, month.until) >= 10 for month in (before, *months)):
        return False
    totals = [_without_largest(ledger, month.since, month.until) for month in (before, *months)]
    return totals[-1] == min(totals)


def _pace(ledger: RecordedLedger, today: dt.date, fact: Fact) -> Verdict:
    """The month ended within 15 % of the forecast."""
    month = month_of(today)
    if month.until > ledger.last_day:
        return None
    end = ledger.total(*month)
    return abs(Money.read(fact.slots[VALUE].value, ledger.currency).minor - end) <= 0.15 * abs(end)


def _month_differs(
    ledger: RecordedLedger, payments: Sequence[LedgerPayment], today: dt.date, direction: Direction
) -> Verdict:
    month = month_of(today)
    if month.until > ledger.last_day:
        return None
    totals, period = [], month
    for _ in range(7):
        totals.append(sum(p.minor for p in payments if period.since <= p.day <= period.until))
        period = month_of(period.since - _DAY)
    return _differs(totals[0], totals[1:], direction)


def _differs(value: int, others: Sequence[int], direction: Direction) -> bool:
    usual = median(others)
    return value >= 1.1 * usual if direction is Direction.UP else value <= 0.9 * usual


def _longest_gap(ledger: RecordedLedger, since: dt.date, until: dt.date) -> int:
    days = [since - _DAY, *(p.day for p in ledger.own if since <= p.day <= until), until + _DAY]
    return max((later - earlier).days - 1 for earlier, later in pairwise(days))


def _without_largest(ledger: RecordedLedger, since: dt.date, until: dt.date) -> int:
    minors = [p.minor for p in ledger.own if since <= p.day <= until]
    return sum(minors) - max(minors, default=0)


_RULES: Mapping[FactKind, Callable[[RecordedLedger, dt.date, Fact], Verdict]] = {
    FactKind.LARGEST_CATEGORY: _largest_category,
    FactKind.CHANGE: _change,
    FactKind.PACE: _pace,
    FactKind.CATEGORY_CHANGE: _habit_change,
    FactKind.MERCHANT_CHANGE: _habit_change,
    FactKind.WEEKDAY_CHANGE: _weekday_change,
    FactKind.UNUSUAL: _unusual,
    FactKind.DUPLICATE: _duplicate,
    FactKind.NEW_MERCHANT: _new_merchant,
    FactKind.RECURRING: _recurring,
    FactKind.PRICE_RISE: _price_rise,
    FactKind.STOPPED: _stopped,
    FactKind.UPCOMING: _upcoming,
    FactKind.LOWEST_MONTH: _light_months,
    FactKind.STREAK: _light_months,
}
