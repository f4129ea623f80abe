"""Images of the book's entities as the journal holds them: ids, not names."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

LEDGER = "ledger"
EXPENSE = "expense"
CATEGORY = "category"

CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Image(BaseModel):
    """What an entity looked like. Fields that a later version adds are ignored by an older reader."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class LedgerImage(Image):
    """A ledger's settings."""

    currency: CurrencyCode
    time_zone: str
    locale: str


class ExpenseImage(Image):
    """One payment. `minor` is what counts; `amount` is the same as its author wrote it."""

    amount: str
    minor: int
    currency: CurrencyCode
    category: UUID
    merchant: str | None
    note: str | None
    spent_on: dt.date
    tags: tuple[str, ...] = ()


class CategoryImage(Image):
    """What for."""

    name: str
    parent: UUID | None = None
    colour: str | None = None
    icon: str | None = None


IMAGES: Mapping[str, type[Image]] = {LEDGER: LedgerImage, EXPENSE: ExpenseImage, CATEGORY: CategoryImage}
"""What the pairs of an entry hold, by kind."""


class OpenedLedger(BaseModel):
    """A ledger as auth knows it when the book opens it."""

    id: UUID
    currency: CurrencyCode
    time_zone: str
    locale: str


class SameName(BaseModel):
    """A category whose name is the same as that of an older one in its ledger."""

    ledger: UUID
    id: UUID
    name: str


class SameNames(BaseModel):
    """Such categories, over all ledgers; the first of them where there are many."""

    items: tuple[SameName, ...]


class StoredLedger(BaseModel):
    """How many bytes a ledger's journal holds."""

    ledger: UUID
    stored_bytes: int


class StoredLedgers(BaseModel):
    """How many bytes all journals hold, and the largest of them first."""

    total_bytes: int
    ledgers: tuple[StoredLedger, ...]


class BookSum(BaseModel):
    """What the book itself comes to in one category and currency, in minor units."""

    category: UUID
    currency: CurrencyCode
    total: int
    count: int


class BookSums(BaseModel):
    """The book added up, and the revision at which it was: one snapshot."""

    ledger: UUID
    revision: int
    entry_id: UUID
    sums: tuple[BookSum, ...]
