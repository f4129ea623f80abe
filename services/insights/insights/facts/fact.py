"""What a fact is: a value that code computed, the slots that words may fill, and the payments behind it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID

from contracts.money import Money
from services.insights.insights.facts.payments import Payment, spanned
from services.insights.periods import Period


class FactKind(StrEnum):
    """What a fact is about."""

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
"""What these say is in the sentence, not in a direction that a verifier could hold words to: no model words them."""


class Direction(StrEnum):
    """Which way a fact points; words must not say another."""

    UP = "up"
    DOWN = "down"
    FLAT = "flat"
    NONE = "none"

    @classmethod
    def of(cls, difference: int) -> "Direction":
        """The way a difference points."""
        if difference == 0:
            return cls.FLAT
        return cls.UP if difference > 0 else cls.DOWN


class SlotForm(StrEnum):
    """How a slot's value is written out."""

    AMOUNT = "amount"
    SIZE = "size"
    """An amount without its sign: the words beside it say which way."""
    ESTIMATE = "estimate"
    """An amount in whole units with a tilde: more precision is not known."""
    PERCENT = "percent"
    COUNT = "count"
    DAY = "day"
    DATE = "date"
    """A day with its year."""
    MONTH = "month"
    YEAR_MONTH = "year_month"
    """A month with its year."""
    WEEKDAY = "weekday"
    """The name of the weekday that a date has."""
    NAME = "name"
    """Something a person typed: data, never read as words or slots."""

    @property
    def is_number(self) -> bool:
        """Whether digits appear where the slot stands."""
        return self not in {SlotForm.MONTH, SlotForm.WEEKDAY, SlotForm.NAME}


class EvidenceProof(StrEnum):
    """What the payments behind a number show."""

    SUM = "sum"
    """They add up to it, but for the sign."""
    COUNT = "count"
    """There are as many."""
    BASIS = "basis"
    """It is computed from them, by the formula."""


@dataclass(frozen=True)
class Evidence:
    """Lists exactly the payments behind a number."""

    period: Period
    currency: str
    category: UUID | None = None
    merchant: str | None = None
    """In any spelling: the list compares as we do."""
    weekday: int | None = None
    """1 is Monday."""
    ids: tuple[UUID, ...] = ()

    @classmethod
    def of(cls, payments: Sequence[Payment], currency: str) -> Self:
        """Lists these alone, oldest first and MOST_LISTED at most: where no other filter says which."""
        return cls(spanned(payments), currency, ids=tuple(payment.id for payment in payments))

    def parameters(self) -> dict[str, str]:
        """The query of `GET /api/v1/expenses`."""
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
    """One value that words may show; they never hold a number themselves."""

    value: str
    """An amount in `unit`, a number, a percentage such as "42.13", an ISO date, or a name."""
    form: SlotForm
    unit: str = ""
    """A currency, or "percent", or what is counted; empty for dates and names."""
    evidence: Evidence | None = None
    proof: EvidenceProof = EvidenceProof.SUM
    """What the evidence shows, where there is any."""
    templates_only: bool = False
    """True where a wrong sentence would make a true number lie: such slots are not lent to a model."""

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
    """A day of a fact; its year is written where it is not this one."""
    return Slot(day.isoformat(), SlotForm.DAY if day.year == today.year else SlotForm.DATE, templates_only=True)


def month_slot(first: dt.date, today: dt.date, *, templates_only: bool = False) -> Slot:
    """The month that begins on that day, likewise."""
    form = SlotForm.MONTH if first.year == today.year else SlotForm.YEAR_MONTH
    return Slot(first.isoformat(), form, templates_only=templates_only)


VALUE = "value"
"""Name of the slot that every fact has."""

ORDINARY = 0.2
"""The surprise of what is worth a look in any month."""


@dataclass(frozen=True)
class Fact:
    """One true thing about a ledger at a revision.

    `id` stays the same while the value moves; it stands in addresses, so it has no character that would be encoded.
    """

    id: str
    kind: FactKind
    period: Period
    direction: Direction
    evidence: Evidence
    revision: int
    slots: Mapping[str, Slot]
    subject: str = ""
    """Whom or what it is about; of two facts about the same, one is told."""
    money: int = 0
    """Minor units at stake in a year or in this month, whichever it is about; for the order."""
    surprise: float = 0.0
    """How little one would have expected it, from 0 to 1; for the order."""

    @property
    def value(self) -> Slot:
        """What the fact is about."""
        return self.slots[VALUE]
