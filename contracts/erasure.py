"""Erasure orders, which auth sends to every service, and their results."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.ids import LedgerId, UserId


class ErasureOrder(BaseModel):
    """An account and ledgers to delete. The same order may arrive again; the result is then the same."""

    model_config = ConfigDict(frozen=True)

    receipt: UUID
    """Id of the order."""
    account: UserId | None
    """The deleted account; None if only ledgers are deleted."""
    ledgers: tuple[LedgerId, ...]


class ErasureResult(BaseModel):
    """The order is carried out, and the data cannot return. `deleted` is the number of rows by table."""

    deleted: Mapping[str, int]
    copies_until: datetime | None = None
    """When the last copy from before an upgrade is deleted; it may still hold erased data."""
