"""Facts: a computed value, the slots that words may use, and the payments behind it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from contracts.ids import CategoryId, ExpenseId
from contracts.money import Money
from services.insights.insights.facts.payments import Payment, spanned
from services.insights.periods import Period


class FactKind(StrEnum):
    """The kind of a fact."""

    LARGEST_CATEGORY = "largest_category"
    CHANGE = "change"
    PACE = "pace"
    CATEGORY_CHANGE = "category_change"
    MERCHANT_CHANGE = "merchant_change"
    WEEKDAY_CHANGE = "weekday_change"
    UNUSUAL = "unusual"
    DUPLICATE = "duplicate"
    NEW_MERCHANT = "new_merchant"
    RECURRING = "recurring"
    PRICE_RISE = "price_rise"
    STOPPED = "stopped"
    UPCOMING = "upcoming"
    LOWEST_MONTH = "lowest_month"
    STREAK = "streak"


NEVER_WORDED_BY_MODEL = frozenset(
    {
        FactKind.STOPPED,
        FactKind.DUPLICATE,
        FactKind.UPCOMING,
        FactKind.RECURRING,
        FactKind.NEW_MERCHANT,
        FactKind.UNUSUAL,
    }
)
"""Kinds that no model may word: their meaning is not a direction, so the verifier could not check the words."""


class Direction(StrEnum):
    """The direction of a fact. Words must not contradict it."""

    UP = "up"
    DOWN = "down"
    FLAT = "flat"
    NONE = "none"

    @classmethod
    def of(cls, difference: int) -> "Direction":
        """Returns the direction of a difference."""
        if difference == 0:
            return cls.FLAT
        return cls.UP if difference > 0 else cls.DOWN


class SlotForm(StrEnum):
    """How a slot's value is formatted."""

    AMOUNT = "amount"
    SIZE = "size"
    """An amount without its sign, which the words beside it express."""
    ESTIMATE = "estimate"
    """An amount in whole units with a tilde, since it is not known more precisely."""
    PERCENT = "percent"
    COUNT = "count"
    DAY = "day"
    DATE = "date"
    """A day with its year."""
    MONTH = "month"
    YEAR_MONTH = "year_month"
    """A month with its year."""
    WEEKDAY = "weekday"
    """The name of a date's weekday."""
    NAME = "name"
    """A user's text: data, never parsed as words or slots."""

    @property
    def is_number(self) -> bool:
        """Whether the formatted value contains digits."""
        return self not in {SlotForm.MONTH, SlotForm.WEEKDAY, SlotForm.NAME}


class EvidenceProof(StrEnum):
    """How the payments behind a number prove it."""

    SUM = "sum"
    """Their sum is the number, apart from the sign."""
    COUNT = "count"
    """Their count is the number."""
    BASIS = "basis"
    """The number is computed from them, by the formula."""


@dataclass(frozen=True)
class Evidence:
    """A filter that lists exactly the payments behind a number."""

    period: Period
    currency: str
    category: CategoryId | None = None
    merchant: str | None = None
    """In any spelling; the list compares folded names."""
    weekday: int | None = None
    """1 is Monday."""
    ids: tuple[ExpenseId, ...] = ()

    @classmethod
    def of(cls, payments: Sequence[Payment], currency: str) -> Self:
        """Lists these payments by id, oldest first and MOST_LISTED at most, for lack of a filter."""
        return cls(spanned(payments), currency, ids=tuple(payment.id for payment in payments))

    def parameters(self) -> dict[str, str]:
        """Returns the query of `GET /api/v1/expenses`."""
        query = {
            "from": self.period.since.isoformat(),
            "to": self.period.until.isoformat(),
            "currency": self.currency,
        }
        narrower = {
            "category": str(self.category) if self.category else "",
            "merchant": self.merchant or "",
            "weekday": str(self.weekday or ""),
            "ids": ",".join(map(str, self.ids)),
        }
        return query | {name: value for name, value in narrower.items() if value}


@dataclass(frozen=True)
class Slot:
    """A value that words may show. Words never contain numbers themselves."""

    value: str
    """An amount in `unit`, a number, a percentage such as "42.13", an ISO date, or a name."""
    form: SlotForm
    unit: str = ""
    """A currency, "percent", or the counted noun; empty for dates and names."""
    evidence: Evidence | None = None
    proof: EvidenceProof = EvidenceProof.SUM
    """How the evidence, if any, proves the value."""
    templates_only: bool = False
    """Whether a model must not use the slot, since wrong words could make a true number misleading."""

    @classmethod
    def of(
        cls,
        money: Money,
        form: SlotForm,
        evidence: Evidence | None = None,
        proof: EvidenceProof = EvidenceProof.SUM,
        *,
        templates_only: bool = False,
    ) -> Self:
        """Returns the slot of an amount of money."""
        return cls(money.amount, form, money.currency, evidence, proof, templates_only)


def day_slot(day: dt.date, today: dt.date) -> Slot:
    """Returns the slot of a day, with its year if it is not the current one."""
    return Slot(day.isoformat(), SlotForm.DAY if day.year == today.year else SlotForm.DATE, templates_only=True)


def month_slot(first: dt.date, today: dt.date, *, templates_only: bool = False) -> Slot:
    """Returns the slot of the month that begins on that day, with its year if it is not the current one."""
    form = SlotForm.MONTH if first.year == today.year else SlotForm.YEAR_MONTH
    return Slot(first.isoformat(), form, templates_only=templates_only)


VALUE = "value"
"""Name of the slot that every fact has."""

ORDINARY = 0.2
"""Surprise of facts that are worth a look in any month."""


@dataclass(frozen=True)
class Fact:
    """A true statement about a ledger at a revision.

    `id` stays the same while the value changes. It is part of URLs, so all its characters are URL-safe.
    """

    id: str
    kind: FactKind
    period: Period
    direction: Direction
    evidence: Evidence
    revision: int
    slots: Mapping[str, Slot]
    subject: str = ""
    """The merchant or category that the fact is about. At most one fact of a subject is shown."""
    money: int = 0
    """Minor units at stake, in a year or in this month; used for ranking."""
    surprise: float = 0.0
    """How unexpected the fact is, from 0 to 1; used for ranking."""

    @property
    def value(self) -> Slot:
        """The slot of the fact's main value."""
        return self.slots[VALUE]
