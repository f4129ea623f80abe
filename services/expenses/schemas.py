"""The book's public JSON: what comes in and what goes out."""

import base64
import datetime as dt
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from chassis.access import LedgerQuery
from contracts.book import CategoryImage, CurrencyCode
from contracts.days import Day
from services.expenses.text import CategoryName, Merchant, Note, PlainText, Tag

MOST_CHANGES = 500
"""Most changes in one batch: as many as one journal entry holds."""
MOST_IDS = 100
"""Most expenses that a list can be asked for by their ids: an address must stay one that every server takes."""


Amount = Annotated[
    str,
    StringConstraints(max_length=40),
    Field(examples=["12.50"], description="Digits with a point; a string."),
]
Tags = Annotated[list[Tag], Field(max_length=20)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ExpenseIn(_In):
    """An expense to record. Positive is money out; a refund is negative."""

    amount: Amount
    currency: CurrencyCode | None = None
    category: CategoryName = Field(description="A name, or the id of a category; an unknown name makes the category.")
    merchant: Merchant = None
    note: Note = None
    spent_on: Day | None = None
    tags: Tags = []


class ExpensePatch(_In):
    """A merge patch (RFC 7396): only what is given changes; null empties merchant, note and tags."""

    amount: Amount = ""
    currency: CurrencyCode = ""
    category: CategoryName = ""
    merchant: Merchant = None
    note: Note = None
    spent_on: Day = dt.date.min
    tags: Tags | None = None


class ExpenseUpdate(ExpensePatch):
    """One correction in a batch."""

    id: UUID


class Batch(_In):
    """Up to 500 changes, all or none."""

    create: list[ExpenseIn] = []
    update: list[ExpenseUpdate] = []
    delete: list[UUID] = []

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        changes = len(self.create) + len(self.update) + len(self.delete)
        if not 1 <= changes <= MOST_CHANGES:
            msg = f"a batch holds 1 to {MOST_CHANGES} changes; this one has {changes}"
            raise ValueError(msg)
        named = [item.id for item in self.update] + self.delete
        if len(named) != len(set(named)):
            msg = "each expense can be named once in a batch"
            raise ValueError(msg)
        return self


class CategoryPatch(_In):
    """A merge patch of a category."""

    name: CategoryName = ""
    colour: Annotated[PlainText, Field(max_length=20)] | None = None
    icon: Annotated[PlainText, Field(max_length=40)] | None = None


class Expense(BaseModel):
    """An expense as it stands."""

    id: UUID
    amount: str
    currency: str
    category: str
    category_id: UUID
    merchant: str | None
    note: str | None
    spent_on: dt.date
    tags: list[str]


class BatchDone(BaseModel):
    """What a batch did."""

    created: list[Expense]
    updated: list[Expense]
    deleted: list[UUID]


class Category(BaseModel):
    """A category as it stands."""

    id: UUID
    name: str
    parent_id: UUID | None
    colour: str | None
    icon: str | None

    @classmethod
    def of(cls, id_: UUID, image: CategoryImage) -> Self:
        """The category of an image."""
        return cls(id=id_, parent_id=image.parent, **image.model_dump(exclude={"parent"}))


class Ledger(BaseModel):
    """A ledger's settings."""

    id: UUID
    currency: str
    time_zone: str
    locale: str


class ExpensePage(BaseModel):
    """Expenses, newest first."""

    items: list[Expense]
    next_cursor: str | None


class CategoryPage(BaseModel):
    """All categories, by name."""

    items: list[Category]
    next_cursor: str | None = None


class Cursor(BaseModel):
    """The last expense of a page; the next page begins after it."""

    spent_on: dt.date
    id: UUID

    def encode(self) -> str:
        """Opaque to clients."""
        return base64.urlsafe_b64encode(f"{self.spent_on} {self.id}".encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Self:
        """Raises ValueError on anything that `encode` did not write."""
        day, _, expense = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(" ")
        return cls(spent_on=dt.date.fromisoformat(day), id=UUID(expense))


def _cursor(value: Any) -> Any:  # noqa: ANN401 - whatever the client sent
    try:
        return Cursor.decode(value) if isinstance(value, str) else value
    except ValueError as error:
        msg = "this is no cursor of ours"
        raise ValueError(msg) from error


class Chosen(BaseModel):
    """Expenses named by their ids."""

    ids: frozenset[UUID]

    @classmethod
    def decode(cls, text: str) -> Self:
        """Raises ValueError on anything but 1 to MOST_IDS ids with commas between."""
        ids = text.split(",")
        if len(ids) > MOST_IDS:
            msg = f"{MOST_IDS} ids at most"
            raise ValueError(msg)
        return cls(ids=frozenset(UUID(id_) for id_ in ids))


def _chosen(value: Any) -> Any:  # noqa: ANN401 - as above
    return Chosen.decode(value) if isinstance(value, str) else value


class ListQuery(LedgerQuery):
    """Filters of the list; all that are given must hold."""

    q: PlainText | None = Field(
        default=None, max_length=200, description="In merchant, note or tags; accents are ignored."
    )
    since: Day | None = Field(default=None, alias="from")
    until: Day | None = Field(default=None, alias="to")
    category: PlainText | None = Field(default=None, max_length=100, description="A name or an id.")
    merchant: PlainText | None = Field(default=None, max_length=200)
    currency: CurrencyCode | None = Field(default=None, description="Only payments in this currency.")
    tag: PlainText | None = Field(default=None, max_length=40)
    weekday: int | None = Field(default=None, ge=1, le=7, description="1 is Monday.")
    ids: Annotated[Chosen | None, BeforeValidator(_chosen, json_schema_input_type=str | None)] = Field(
        default=None, description=f"Only these: ids with commas between, {MOST_IDS} at most."
    )
    cursor: Annotated[Cursor | None, BeforeValidator(_cursor, json_schema_input_type=str | None)] = None
    limit: int = Field(default=50, ge=1, le=500)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.since and self.until and self.since > self.until:
            msg = "from must not be later than to"
            raise ValueError(msg)
        return self


class JournalQuery(LedgerQuery):
    """Which part of the journal."""

    after: int = Field(default=0, ge=0, le=2**62)
    limit: int = Field(default=50, ge=1, le=500)


class UndoQuery(LedgerQuery):
    """What to do about things that have changed since."""

    skip: Literal["changed"] | None = Field(default=None, description="Leave them as they are and undo the rest.")
