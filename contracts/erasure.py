"""Erasure: what auth asks every service to delete, and what each confirms."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class ErasureOrder(BaseModel):
    """What to delete. The same order may come again; the answer is then the same."""

    model_config = ConfigDict(frozen=True)

    receipt: UUID
    """Names the order."""
    account: UUID | None
    """Whoever is gone; None where only ledgers are."""
    ledgers: tuple[UUID, ...]


class Erased(BaseModel):
    """It is done, and what was there does not come back: how many of what were deleted."""

    deleted: Mapping[str, int]
    copies_until: datetime | None = None
    """When the last copy from before an upgrade is deleted, which may hold what was erased."""
