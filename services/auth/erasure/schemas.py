"""The JSON of erasures, and of the export of an account."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.journal import JournalEntry
from services.auth.api_tokens.schemas import ApiToken
from services.auth.identity.schemas import Password, RequestModel, Session, User


class EraseIn(RequestModel):
    """Proof that the request comes from the owner."""

    password: Password


class ErasedPart(BaseModel):
    """The part of one service."""

    service: str
    deleted: Mapping[str, int] | None = Field(description="Number of deleted rows by table; null until confirmed.")
    confirmed_at: datetime | None


class Receipt(BaseModel):
    """What was deleted, where and when. Its id is enough to read it."""

    receipt: UUID
    asked_at: datetime
    finished_at: datetime | None = Field(description="When the last service confirmed; null until then.")
    copies_until: datetime | None = Field(
        description="Until when a copy made before an upgrade may contain erased data; null if there is no copy."
    )
    parts: list[ErasedPart]


class AccountExport(BaseModel):
    """All data about the user, except the contents of their ledgers (`GET /api/v1/export`)."""

    exported_at: datetime
    user: User
    created_at: datetime
    sessions: list[Session]
    tokens: list[ApiToken]
    events: list[JournalEntry] = Field(description="Changes to the account, oldest first.")
