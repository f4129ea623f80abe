"""Images of the entities in the journal of expenses. They refer to each other by id, not by name."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from contracts.ids import CategoryId, LedgerId

LEDGER = "ledger"
EXPENSE = "expense"
CATEGORY = "category"

CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Image(BaseModel):
    """The state of an entity. Older readers ignore fields that a later version adds."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class LedgerImage(Image):
    """A ledger's settings."""

    currency: CurrencyCode
    time_zone: str
    locale: str


class ExpenseImage(Image):
    """One payment. `minor` is authoritative; `amount` is the same amount as the user wrote it."""

    amount: str
    minor: int
    currency: CurrencyCode
    category: CategoryId
    merchant: str | None
    note: str | None
    spent_on: dt.date
    tags: tuple[str, ...] = ()


class CategoryImage(Image):
    """A category of payments."""

    name: str
    parent: CategoryId | None = None
    colour: str | None = None
    icon: str | None = None


IMAGES: Mapping[str, type[Image]] = {LEDGER: LedgerImage, EXPENSE: ExpenseImage, CATEGORY: CategoryImage}
"""The images in the pairs of an entry, by kind."""


class OpenedLedger(BaseModel):
    """A ledger's settings in auth, from which expenses opens it."""

    id: UUID
    currency: CurrencyCode
    time_zone: str
    locale: str


class SameName(BaseModel):
    """A category with the same name as an older one in its ledger."""

    ledger: LedgerId
    id: UUID
    name: str


class SameNames(BaseModel):
    """Categories with duplicate names, over all ledgers; only the first ones if there are many."""

    items: tuple[SameName, ...]


class StoredLedger(BaseModel):
    """The size of a ledger's journal in bytes."""

    ledger: LedgerId
    stored_bytes: int


class StoredLedgers(BaseModel):
    """The size of all journals in bytes, and the ledgers with the largest ones."""

    total_bytes: int
    ledgers: tuple[StoredLedger, ...]


class BookSum(BaseModel):
    """Sum of all expenses in one category and currency, in minor units."""

    category: CategoryId
    currency: CurrencyCode
    total: int
    count: int


class BookSums(BaseModel):
    """Sums of a ledger's expenses and their revision, from one snapshot."""

    ledger: LedgerId
    revision: int
    entry_id: UUID
    sums: tuple[BookSum, ...]
