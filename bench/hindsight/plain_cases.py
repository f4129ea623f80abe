"""What must be told: cases that are plain to a reader of the ledger (docs/insights.md, "What must be told")."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from bench.hindsight.bills import RegularBill, expected, fewest, plain_bills, same_contract
from bench.hindsight.ledgers import LedgerPayment, RecordedLedger, category_id
from services.insights.insights.facts.fact import Fact, FactKind
from services.insights.periods import Period, month_of

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class PlainCase:
    """Something that must be told on a page of this time."""

    kind: FactKind
    what: str
    time: Period
    is_told_by: Callable[[Fact], bool]


def plain_cases(ledger: RecordedLedger) -> Iterator[PlainCase]:
    """Yields all of a ledger."""
    for bill in plain_bills(ledger):
        yield from _of_bill(ledger, bill)
    yield from _unusual(ledger)
    yield from _category_changes(ledger)


def _of_bill(ledger: RecordedLedger, bill: RegularBill) -> Iterator[PlainCase]:
    payee, charges = bill.last.payee, bill.charges

    def case(kind: FactKind, since: dt.date, until: dt.date) -> PlainCase:
        def is_told_by(fact: Fact) -> bool:
            payees = {ledger.by_id[id_].payee for id_ in fact.evidence.ids}
            return fact.kind is kind and payee in payees

        return PlainCase(kind, f"{bill.last.merchant} {since}", Period(since, until), is_told_by)

    plain = charges[fewest(charges) - 1].day
    yield case(FactKind.RECURRING, plain, expected(plain, bill.step, 2))
    if _ends(ledger, bill):
        yield case(FactKind.STOPPED, bill.due() + bill.slack * _DAY, bill.due(3) + bill.slack * _DAY)
    for first in _rises(charges):
        yield case(FactKind.PRICE_RISE, first.day, expected(first.day, bill.step, 2))
    for before, charge in pairwise(charges[4:]):
        if abs((charge.day - expected(before.day, bill.step)).days) <= 3:
            yield case(FactKind.UPCOMING, charge.day - 5 * _DAY, charge.day - _DAY)


def _ends(ledger: RecordedLedger, bill: RegularBill) -> bool:
    """Whether half a year, or four steps, follow without a charge, also under another name."""
    rest = [charge for charge in same_contract(ledger, bill.charges) if charge.day > bill.last.day]
    return not rest and ledger.last_day >= min(bill.due(4), bill.due() + 180 * _DAY)


def _rises(charges: Sequence[LedgerPayment]) -> Iterator[LedgerPayment]:
    """Yields the first charge at each higher price: four charges at one price to the cent, three at another, 3 % up."""
    minors = [charge.minor for charge in charges]
    for index in range(4, len(charges) - 2):
        before, after = set(minors[index - 4 : index]), set(minors[index : index + 3])
        if len(before) == len(after) == 1 and min(after) >= 1.03 * max(before):
            yield charges[index]


def _unusual(ledger: RecordedLedger) -> Iterator[PlainCase]:
    """Yields payments of five times the largest of the year before, in a category with ten of them or more."""
    for payment in ledger.own:
        year = [
            other.minor
            for other in ledger.own
            if other.category == payment.category and 0 < (payment.day - other.day).days <= 365
        ]
        if len(year) >= 10 and payment.minor >= 5 * max(*year, 1):
            yield PlainCase(
                FactKind.UNUSUAL,
                f"{payment.merchant} {payment.day}",
                Period(payment.day, payment.day + 10 * _DAY),
                lambda fact, id_=payment.id: fact.kind is FactKind.UNUSUAL and id_ in fact.evidence.ids,  # type: ignore[misc]
            )


def _category_changes(ledger: RecordedLedger) -> Iterator[PlainCase]:
    """Yields months in which a category is a quarter beyond all six months before, also without its largest payment."""
    months = list(ledger.months())
    typical = median(ledger.total(*month_of(month)) for month in months) if months else 0
    for category in sorted({payment.category for payment in ledger.own}):
        minors = [_amounts(ledger, category, month) for month in months]
        for index in range(6, len(months)):
            now, before = minors[index], minors[index - 6 : index]
            if _is_plain_change(now, before, typical):
                yield _category_case(category, months[index])


def _is_plain_change(now: Sequence[int], before: Sequence[Sequence[int]], typical: float) -> bool:
    totals = [sum(amounts) for amounts in before]
    if min(len(now), *(len(amounts) for amounts in before)) < 3:
        return False
    rose = sum(now) - max(now) >= 1.25 * max(totals)
    fell = sum(now) <= 0.75 * min(sum(amounts) - max(amounts) for amounts in before)
    return (rose or fell) and abs(sum(now) - median(totals)) >= 0.03 * typical


def _amounts(ledger: RecordedLedger, category: str, month: dt.date) -> list[int]:
    since, until = month_of(month)
    return [p.minor for p in ledger.own if p.category == category and since <= p.day <= until]


def _category_case(category: str, month: dt.date) -> PlainCase:
    def is_told_by(fact: Fact) -> bool:
        return fact.kind is FactKind.CATEGORY_CHANGE and fact.evidence.category == category_id(category)

    time = Period(month, month_of(month).until + 10 * _DAY)
    return PlainCase(FactKind.CATEGORY_CHANGE, f"{category} {month:%Y-%m}", time, is_told_by)
