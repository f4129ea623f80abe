"""Erasure orders, as any service that gets them carries them out: once each, however often they come."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from chassis.database import UtcDateTime, table_of
from contracts.erasure import Erased


class ErasureColumns:
    """Columns of the table of orders that were carried out; a service mixes them into its own table."""

    receipt: Mapped[UUID] = mapped_column(primary_key=True)
    deleted: Mapped[dict[str, int]] = mapped_column(sa.JSON)
    """How many of what: the answer, should the same order come again."""
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Erasures:
    """The record in a service's own table."""

    def __init__(self, erasures: type[DeclarativeBase]) -> None:
        self._table = table_of(erasures)

    def done(self, session: Session, receipt: UUID) -> Erased | None:
        """What an order had deleted, where it was carried out before."""
        query = sa.select(self._table.c.deleted).where(self._table.c.receipt == receipt)
        deleted = session.scalar(query)
        return None if deleted is None else Erased(deleted=deleted)

    def note(self, session: Session, receipt: UUID, deleted: Mapping[str, int]) -> Erased:
        """The order is carried out, in this very transaction."""
        row: dict[str, Any] = {"receipt": receipt, "deleted": dict(deleted), "erased_at": datetime.now(UTC)}
        session.execute(sa.insert(self._table).values(row))
        return Erased(deleted=deleted)
