"""Columns of the tables of a journal."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from chassis.database.engine import UtcDateTime
from contracts.ids import ActionId, LedgerId, UserId


class LedgerColumns:
    """Columns of the table that numbers a ledger's entries. A mixin for a service's own table."""

    id: Mapped[UUID] = mapped_column(primary_key=True)
    head: Mapped[int] = mapped_column(sa.BigInteger)
    """The newest revision; 0 for a closed ledger, for ever."""
    tail: Mapped[UUID]
    """Id of the entry at `head`."""
    announced: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    """Every revision up to this one has been published to the stream."""


class EntryColumns:
    """Columns of the table of entries. INSERT-only."""

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805 - SQLAlchemy's form
        return (sa.Index("ix_journal_action", "ledger", "action_id"),)

    ledger: Mapped[LedgerId] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    id: Mapped[UUID]
    previous: Mapped[UUID | None]
    action_id: Mapped[ActionId]
    action: Mapped[str] = mapped_column(sa.String(40))
    actor: Mapped[UserId | None]
    via: Mapped[str] = mapped_column(sa.String(10))
    request_id: Mapped[str | None] = mapped_column(sa.String(64))
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int]
    pairs: Mapped[str] = mapped_column(sa.Text)
    """The pairs as JSON text, exactly as they are sent."""
