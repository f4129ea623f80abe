"""Bills, with the whole ledger in view: the charges of one contract, and bills that are plain to see."""

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from bench.hindsight.ledgers import LedgerPayment, RecordedLedger

_SAME_AMOUNT = 0.005
"""Fraction by which the amount of a renamed payee may differ."""
_BAND = 1.5
"""Factor by which a contract's charges differ at most from its last six."""
_FIXED = 0.02
_CHARGES_PER_STEP = 6
_MONTH = range(27, 34)
_YEAR = range(351, 381)


@dataclass(frozen=True)
class RegularBill:
    """Regular charges, oldest first."""

    charges: Sequence[LedgerPayment]

    @property
    def last(self) -> LedgerPayment:
        """The newest charge."""
        return self.charges[-1]

    @property
    def step(self) -> int:
        """The usual number of days between charges."""
        return median_low(gaps(self.charges[-7:]))

    @property
    def slack(self) -> int:
        """Days by which a charge may be early or late."""
        return slack(self.step)

    def due(self, count: int = 1) -> dt.date:
        """Returns the day on which the charge with that number after the last one is expected."""
        return expected(self.last.day, self.step, count)


def gaps(charges: Sequence[LedgerPayment]) -> list[int]:
    """Returns the days between charges."""
    return [(later.day - earlier.day).days for earlier, later in pairwise(charges)]


def slack(step: int) -> int:
    """Returns the days by which a charge may be early or late: 15 % of the step, at least 3 and at most 20."""
    return min(20, max(3, round(step * 0.15)))


def expected(day: dt.date, step: int, count: int = 1) -> dt.date:
    """Returns the day that many steps later. Steps of about a month or a year keep the day of the month."""
    months = 1 if step in _MONTH else 12 if step in _YEAR else 0
    if not months:
        return day + dt.timedelta(days=step * count)
    year, month = divmod(day.year * 12 + day.month - 1 + months * count, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def same_contract(ledger: RecordedLedger, charges: Sequence[LedgerPayment], band: float = _BAND) -> list[LedgerPayment]:
    """Returns the ledger's payments that can be charges of the contract: same payee, or renamed at the same amount."""
    payees = {charge.payee for charge in charges}
    recent = [charge.minor for charge in charges[-6:]]
    least, most, last = min(recent) / band, max(recent) * band, charges[-1]
    return [
        payment
        for payment in ledger.own
        if (payment.payee in payees and least <= payment.minor <= most)
        or (payment.category == last.category and abs(payment.minor - last.minor) <= _SAME_AMOUNT * last.minor)
    ]


def plain_bills(ledger: RecordedLedger) -> Iterator[RegularBill]:
    """Yields the bills that are plain to see: all payments of a payee in that time, in step, at fixed prices."""
    by_payee: defaultdict[str, list[LedgerPayment]] = defaultdict(list)
    for payment in ledger.own:
        if payment.payee and payment.minor > 0:
            by_payee[payment.payee].append(payment)
    for payments in by_payee.values():
        yield from (RegularBill(run) for run in _runs(payments) if len(run) >= fewest(run) and _is_fixed(run))


def fewest(run: Sequence[LedgerPayment]) -> int:
    """Returns how many charges make a bill plain: six, or four of quarters, or three of longer steps."""
    step = median_low(gaps(run)) if len(run) > 1 else 0
    return 6 if step < 80 else 4 if step < 150 else 3


def _runs(payments: Sequence[LedgerPayment]) -> Iterator[list[LedgerPayment]]:
    usual = median_low(gaps(payments)) if len(payments) > 1 else 0
    if usual < 6:  # more often than weekly is shopping
        return
    run = [payments[0]]
    for earlier, later in pairwise(payments):
        if abs((later.day - expected(earlier.day, usual)).days) > slack(usual):
            yield run
            run = []
        run.append(later)
    yield run


def _is_fixed(run: Sequence[LedgerPayment]) -> bool:
    steps = sum(abs(later.minor - earlier.minor) > _FIXED * earlier.minor for earlier, later in pairwise(run))
    jumps = any(not 1 / _BAND <= later.minor / earlier.minor <= _BAND for earlier, later in pairwise(run))
    return steps <= len(run) // _CHARGES_PER_STEP and not jumps
