"""The JSON of erasures, and of an account's export."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.journal import JournalEntry
from services.auth.api_tokens.schemas import ApiToken
from services.auth.identity.schemas import Password, RequestModel, Session, User


class EraseIn(RequestModel):
    """Proof that it is the owner who wants it."""

    password: Password


class ErasedPart(BaseModel):
    """One service's part."""

    service: str
    deleted: Mapping[str, int] | None = Field(description="How many of what; null until it is done.")
    confirmed_at: datetime | None


class Receipt(BaseModel):
    """What was deleted, where and when. Its id is all that is needed to read it."""

    receipt: UUID
    asked_at: datetime
    finished_at: datetime | None = Field(description="When the last part was confirmed; null until then.")
    copies_until: datetime | None = Field(
        description="Until when a copy from before an upgrade may hold what was erased; null where there is none."
    )
    parts: list[ErasedPart]


class AccountExport(BaseModel):
    """All that is known about a person, beside what their ledgers hold (`GET /api/v1/export`)."""

    exported_at: datetime
    user: User
    created_at: datetime
    sessions: list[Session]
    tokens: list[ApiToken]
    events: list[JournalEntry] = Field(description="What became of the account, oldest first.")
