"""Payments. Pure; lists of them are oldest first."""

import datetime as dt
import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contracts.ids import CategoryId, ExpenseId
from contracts.text import fold
from services.insights.periods import Period

MOST_LISTED = 60
"""Limit of payments that evidence lists by id: a year of weekly charges, and a few more. The API takes 100 ids."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment; positive is money out."""

    id: ExpenseId
    day: dt.date
    minor: int
    category: CategoryId
    merchant: str
    """As the user typed it; empty without a merchant."""


def by_merchant(payments: Sequence[Payment]) -> Mapping[str, Sequence[Payment]]:
    """Groups payments by folded merchant name; leaves out those without a merchant."""
    keys = {name: fold(name) for name in {payment.merchant for payment in payments}}
    groups: dict[str, list[Payment]] = {}
    for payment in payments:
        if payment.merchant:
            groups.setdefault(keys[payment.merchant], []).append(payment)
    return groups


def within(payments: Sequence[Payment], period: Period) -> Sequence[Payment]:
    """Returns the payments of the period; `payments` are oldest first."""
    start = bisect_left(payments, period.since, key=lambda payment: payment.day)
    return payments[start : bisect_right(payments, period.until, key=lambda payment: payment.day)]


def spanned(payments: Sequence[Payment]) -> Period:
    """Returns the period from the first to the last payment; `payments` are oldest first."""
    return Period(payments[0].day, payments[-1].day)


def total(payments: Sequence[Payment]) -> int:
    """In minor units; refunds are negative."""
    return sum(payment.minor for payment in payments)


def digest(key: str) -> str:
    """Identifies a merchant in ids: short, URL-safe, and without the name."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]
