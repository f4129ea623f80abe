"""Query parameters and responses of ledgers and their journals."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from chassis.http.authorization import LedgerQuery
from contracts.journal import JournalEntry


class Ledger(BaseModel):
    """A ledger's settings, and how much it holds."""

    id: UUID
    currency: str
    time_zone: str
    locale: str
    stored_bytes: int = Field(description="Bytes in its journal, which counts towards the owner's storage.")


class JournalQuery(LedgerQuery):
    """A page of the journal."""

    after: int = Field(default=0, ge=0, le=2**62)
    limit: int = Field(default=50, ge=1, le=500)


class JournalPage(BaseModel):
    """Entries of a ledger, oldest first, up to `limit` of them and 1 MB; `head` is the journal's newest revision."""

    items: list[JournalEntry]
    head: int


class UndoQuery(LedgerQuery):
    """What an undo does with entities that changed since."""

    skip: Literal["changed"] | None = Field(default=None, description="Leave them as they are and undo the rest.")
