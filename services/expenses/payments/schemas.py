"""Requests and responses of expenses."""

import datetime as dt
from typing import Annotated, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from contracts.book import CategoryImage, CurrencyCode, ExpenseImage
from contracts.days import Day
from contracts.ids import CategoryId, ExpenseId
from services.expenses.ledger.requests import RequestSchema
from services.expenses.text import CategoryName, Merchant, Note, Tag

MAX_CHANGES = 500
"""Changes in one batch at most: as many as one journal entry holds."""


Amount = Annotated[
    str,
    StringConstraints(max_length=40),
    Field(examples=["12.50"], description="Digits with a point; a string."),
]
Tags = Annotated[list[Tag], Field(max_length=20)]


class ExpenseIn(RequestSchema):
    """An expense to record. Positive is money out; a refund is negative."""

    amount: Amount
    currency: CurrencyCode | None = None
    category: CategoryName = Field(description="A name, or the id of a category; an unknown name makes the category.")
    merchant: Merchant = None
    note: Note = None
    spent_on: Day | None = None
    tags: Tags = Field(default=[])


class ExpensePatch(RequestSchema):
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

    id: ExpenseId


class Batch(RequestSchema):
    """Up to 500 changes, all or none."""

    create: list[ExpenseIn] = Field(default=[])
    update: list[ExpenseUpdate] = Field(default=[])
    delete: list[ExpenseId] = Field(default=[])

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


class Expense(BaseModel):
    """An expense as it stands."""

    id: ExpenseId
    amount: str
    currency: str
    category: str
    category_id: CategoryId
    merchant: str | None
    note: str | None
    spent_on: dt.date
    tags: list[str]

    @classmethod
    def of(cls, id_: ExpenseId, image: ExpenseImage, category: CategoryImage) -> Self:
        """The expense of an image, its category by name and by id."""
        return cls(
            id=id_,
            amount=image.amount,
            currency=image.currency,
            category=category.name,
            category_id=image.category,
            merchant=image.merchant,
            note=image.note,
            spent_on=image.spent_on,
            tags=list(image.tags),
        )


class BatchResult(BaseModel):
    """What a batch did."""

    created: list[Expense]
    updated: list[Expense]
    deleted: list[ExpenseId]


class ExpensePage(BaseModel):
    """Expenses, newest first."""

    items: list[Expense]
    next_cursor: str | None
