"""Request and response models."""

import datetime as dt
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from contracts.book import CategoryImage, CurrencyCode
from contracts.days import Day
from services.expenses.text import CategoryName, Merchant, Note, PlainText, Tag

MAX_CHANGES = 500
"""Changes in one batch at most: as many as one journal entry holds."""


Amount = Annotated[
    str,
    StringConstraints(max_length=40),
    Field(examples=["12.50"], description="Digits with a point; a string."),
]
Tags = Annotated[list[Tag], Field(max_length=20)]


class _RequestModel(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ExpenseIn(_RequestModel):
    """An expense to record. Positive is money out; a refund is negative."""

    amount: Amount
    currency: CurrencyCode | None = None
    category: CategoryName = Field(description="A name, or the id of a category; an unknown name makes the category.")
    merchant: Merchant = None
    note: Note = None
    spent_on: Day | None = None
    tags: Tags = []


class ExpensePatch(_RequestModel):
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


class Batch(_RequestModel):
    """Up to 500 changes, all or none."""

    create: list[ExpenseIn] = []
    update: list[ExpenseUpdate] = []
    delete: list[UUID] = []

    @property
    def changes(self) -> int:
        """Number of requested changes."""
        return len(self.create) + len(self.update) + len(self.delete)

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if not 1 <= self.changes <= MAX_CHANGES:
            msg = f"a batch holds 1 to {MAX_CHANGES} changes; this one has {self.changes}"
            raise ValueError(msg)
        named = [item.id for item in self.update] + self.delete
        if len(named) != len(set(named)):
            msg = "each expense can be named once in a batch"
            raise ValueError(msg)
        return self


class CategoryPatch(_RequestModel):
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


class BatchResult(BaseModel):
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
    """A ledger's settings, and how much it holds."""

    id: UUID
    currency: str
    time_zone: str
    locale: str
    stored_bytes: int = Field(description="Bytes in its journal, which counts towards the owner's storage.")


class ExpensePage(BaseModel):
    """Expenses, newest first."""

    items: list[Expense]
    next_cursor: str | None


class CategoryPage(BaseModel):
    """Categories, by name."""

    items: list[Category]
    next_cursor: str | None = None
