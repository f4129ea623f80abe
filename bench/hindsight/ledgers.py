"""Ledgers that were made elsewhere: CSV files, and Beancount's example generator, which is run as a program."""

import csv
import datetime as dt
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from uuid import UUID, uuid5

from contracts.ids import CategoryId, ExpenseId
from contracts.money import Money
from contracts.text import fold
from services.insights.insights.facts.payments import Payment
from services.insights.insights.facts.snapshot import MEMORY, FactSnapshot, month_before
from services.insights.periods import month_of

_NAMES = UUID(int=11)
_TRANSACTION = re.compile(r'^(\d{4}-\d\d-\d\d) \* "([^"]*)"')
_POSTING = re.compile(r"^\s+Expenses:(\S+)\s+(-?[\d.]+) USD")
_NO_SPENDING = ("Taxes:", "Health:", "Financial:Commissions")
"""Accounts that the generator fills from the payslip and from trades: they are not recorded as expenses."""


@dataclass(frozen=True, slots=True)
class LedgerPayment:
    """One payment; positive is money out."""

    id: ExpenseId
    day: dt.date
    minor: int
    currency: str
    merchant: str
    category: str
    payee: str
    """The folded name of the merchant."""


@dataclass(frozen=True)
class RecordedLedger:
    """A ledger from its first payment to its last."""

    name: str
    payments: Sequence[LedgerPayment]
    """Oldest first."""

    @cached_property
    def currency(self) -> str:
        """The most frequent one."""
        return Counter(payment.currency for payment in self.payments).most_common(1)[0][0]

    @property
    def first_day(self) -> dt.date:
        """The day of the first payment."""
        return self.payments[0].day

    @property
    def last_day(self) -> dt.date:
        """The day of the last payment. Nothing is known of the days after it."""
        return self.payments[-1].day

    @cached_property
    def own(self) -> Sequence[LedgerPayment]:
        """Those in the ledger's currency."""
        return [payment for payment in self.payments if payment.currency == self.currency]

    @cached_property
    def by_id(self) -> dict[ExpenseId, LedgerPayment]:
        """All payments."""
        return {payment.id: payment for payment in self.payments}

    def snapshot(self, today: dt.date) -> FactSnapshot:
        """Returns what insights would know on that day: nothing dated later."""
        earliest = month_before(today, MEMORY).since
        past = [payment for payment in self.own if payment.day <= today]
        return FactSnapshot(
            currency=self.currency,
            today=today,
            revision=1,
            since=past[0].day if past else None,
            payments=[_known(payment) for payment in past if payment.day >= earliest],
            names={category_id(payment.category): payment.category for payment in past},
        )

    def total(self, since: dt.date, until: dt.date) -> int:
        """Returns the minor units of these days, both included."""
        return sum(payment.minor for payment in self.own if since <= payment.day <= until)

    def months(self) -> Iterator[dt.date]:
        """Yields the first days of the months that it covers as a whole."""
        month = month_of(self.first_day)
        while month.until <= self.last_day:
            if month.since >= self.first_day - dt.timedelta(days=3):
                yield month.since
            month = month_of(month.until + dt.timedelta(days=1))


def category_id(name: str) -> CategoryId:
    """Returns the id that snapshots give to a category."""
    return CategoryId(uuid5(_NAMES, name))


def _known(payment: LedgerPayment) -> Payment:
    return Payment(payment.id, payment.day, payment.minor, category_id(payment.category), payment.merchant)


def read_csv(path: Path) -> RecordedLedger:
    """Reads columns day, amount (money out is positive), currency, merchant, category. Raises ValueError, KeyError."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            (dt.date.fromisoformat(row["day"]), row["amount"], row["currency"], row["merchant"], row["category"])
            for row in csv.DictReader(file)
        ]
    return _ledger(path.stem, rows)


def beancount_example(program: Sequence[str], seed: int, since: dt.date, until: dt.date) -> RecordedLedger:
    """Runs Beancount's `bean-example`; the ledger has its expenses. Raises CalledProcessError."""
    command = [*program, f"--seed={seed}", f"--date-begin={since}", f"--date-end={until}", "--no-reformat"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return _ledger(f"example-{seed}", _expenses(text.splitlines()))


def _expenses(lines: Iterable[str]) -> Iterator[tuple[dt.date, str, str, str, str]]:
    day, payee = dt.date.min, ""
    for line in lines:
        if transaction := _TRANSACTION.match(line):
            day, payee = dt.date.fromisoformat(transaction[1]), transaction[2]
        elif (posting := _POSTING.match(line)) and not posting[1].startswith(_NO_SPENDING):
            yield day, posting[2], "USD", payee, posting[1].replace(":", " ")


def _ledger(name: str, rows: Iterable[tuple[dt.date, str, str, str, str]]) -> RecordedLedger:
    payments = [
        LedgerPayment(
            _id(name, number), day, Money.read(amount, currency).minor, currency, payee, category, fold(payee)
        )
        for number, (day, amount, currency, payee, category) in enumerate(rows)
    ]
    return RecordedLedger(name, sorted(payments, key=lambda payment: payment.day))


def _id(name: str, number: int) -> ExpenseId:
    return ExpenseId(uuid5(_NAMES, f"{name} {number}"))
