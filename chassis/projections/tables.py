"""Columns of the tables that a journal reader needs."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database.engine import UtcDateTime
from contracts.ids import LedgerId


class CheckpointColumns:
    """Columns of the table of checkpoints. A mixin for a service's own table."""

    ledger: Mapped[LedgerId] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(sa.BigInteger)
    entry_id: Mapped[UUID]
    """Id of the entry at `revision`. If the journal has another entry there, it was replaced."""
    generation: Mapped[int] = mapped_column(sa.BigInteger)
    """The projection build whose rows are served. A rebuild fills another one and then switches."""
    version: Mapped[int]
    """Version of the projection that filled the build."""


class ParkedColumns:
    """Columns of the table of parked ledgers: those with an entry that cannot be applied."""

    ledger: Mapped[LedgerId] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(sa.BigInteger)
    error: Mapped[str] = mapped_column(sa.Text)
    parked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProjectedColumns:
    """The key columns of every derived table. Rows of a ledger's build are those of one shard."""

    ledger: Mapped[LedgerId] = mapped_column(primary_key=True)
    generation: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)


class ProjectionBuildColumns:
    """Columns of the table of projection builds that are being filled. A mixin for a service's own table."""

    ledger: Mapped[LedgerId] = mapped_column(primary_key=True)
    generation: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
