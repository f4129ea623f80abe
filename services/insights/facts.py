"""What a fact is: a value that code computed, the slots that words may fill, and the payments behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from services.insights.periods import Period


class Kind(StrEnum):
    """What a fact is about."""

    LARGEST_CATEGORY = "largest_category"
    CHANGE = "change"
    PACE = "pace"


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


class Form(StrEnum):
    """How a slot's value is written out."""

    AMOUNT = "amount"
    SIZE = "size"
    """An amount without its sign: the words beside it say which way."""
    ESTIMATE = "estimate"
    """An amount in whole units with a tilde: nobody knows it better than that."""
    PERCENT = "percent"
    COUNT = "count"
    DAY = "day"
    MONTH = "month"
    NAME = "name"
    """Something a person typed: data, never read as words or slots."""

    @property
    def is_number(self) -> bool:
        """Whether digits appear where the slot stands."""
        return self not in {Form.MONTH, Form.NAME}


@dataclass(frozen=True)
class Evidence:
    """Lists exactly the payments behind a number."""

    period: Period
    currency: str
    category: UUID | None = None

    def parameters(self) -> dict[str, str]:
        """The query of `GET /api/v1/expenses`."""
        query = {
            "from": self.period.since.isoformat(),
            "to": self.period.until.isoformat(),
            "currency": self.currency,
        }
        return query | ({"category": str(self.category)} if self.category else {})


@dataclass(frozen=True)
class Slot:
    """One value that words may show; they never hold a number themselves."""

    value: str
    """An amount in `unit`, a number, a percentage such as "42.13", an ISO date, or a name."""
    form: Form
    unit: str = ""
    """A currency, or "percent", or what is counted; empty for dates and names."""
    evidence: Evidence | None = None
    templates_only: bool = False
    """True where a wrong sentence would make a true number lie: such slots are not lent to a model."""


VALUE = "value"
"""Name of the slot that every fact has."""


@dataclass(frozen=True)
class Fact:
    """One true thing about a ledger at a revision. `id` stays the same while the value moves."""

    id: str
    kind: Kind
    period: Period
    direction: Direction
    evidence: Evidence
    revision: int
    slots: Mapping[str, Slot]

    @property
    def value(self) -> Slot:
        """What the fact is about."""
        return self.slots[VALUE]
