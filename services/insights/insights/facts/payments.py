"""Payments, one by one. Pure; lists of them are oldest first."""

import datetime as dt
import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.text import fold
from services.insights.periods import Period

MOST_LISTED = 60
"""Payments that evidence names one by one: a year of weekly charges, and some. A list takes 100 ids at most."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment; positive is money out."""

    id: UUID
    day: dt.date
    minor: int
    category: UUID
    merchant: str
    """As the user typed it; empty without a merchant."""


def by_merchant(payments: Sequence[Payment]) -> Mapping[str, Sequence[Payment]]:
    """By merchant as names are compared; payments without one are left out."""
    keys = {name: fold(name) for name in {payment.merchant for payment in payments}}
    found: dict[str, list[Payment]] = {}
    for payment in payments:
        if payment.merchant:
            found.setdefault(keys[payment.merchant], []).append(payment)
    return found


def within(payments: Sequence[Payment], period: Period) -> Sequence[Payment]:
    """Those of the period; `payments` are oldest first."""
    start = bisect_left(payments, period.since, key=lambda payment: payment.day)
    return payments[start : bisect_right(payments, period.until, key=lambda payment: payment.day)]


def spanned(payments: Sequence[Payment]) -> Period:
    """From the first to the last of some payments, oldest first."""
    return Period(payments[0].day, payments[-1].day)


def total(payments: Sequence[Payment]) -> int:
    """Minor units; refunds are negative."""
    return sum(payment.minor for payment in payments)


def digest(key: str) -> str:
    """Stands for a merchant in ids: short, safe in URLs, and without the name."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]
