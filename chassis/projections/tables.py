"""The tables of a journal's reader, as columns that a service mixes into its own."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database.engine import UtcDateTime


class CheckpointColumns:
    """Columns of the table of checkpoints; a service mixes them into its own table."""

    ledger: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(sa.BigInteger)
    entry_id: Mapped[UUID]
    """Id of the entry at `revision`: where the journal has another one there, it is not the journal we read."""
    shelf: Mapped[UUID] = mapped_column(index=True)
    """Under which id the rows stand that were derived: a rebuild fills another shelf and then swaps the two."""
    version: Mapped[int]
    """Version of the projection that filled the shelf."""


class ParkedColumns:
    """Columns of the table of ledgers that are set aside since an entry cannot be applied."""

    ledger: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(sa.BigInteger)
    error: Mapped[str] = mapped_column(sa.Text)
    parked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ShelfColumns:
    """Columns of the table of shelves that are being filled; a service mixes them into its own table."""

    shelf: Mapped[UUID] = mapped_column(primary_key=True)
    ledger: Mapped[UUID]
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
