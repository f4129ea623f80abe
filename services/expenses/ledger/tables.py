"""Tables that every kind of entity shares: the ledger, its journal, and what belongs to requests."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.database.engine import ID_COLUMNS, UtcDateTime
from chassis.erasure.orders import ErasureColumns
from chassis.journal.tables import EntryColumns, LedgerColumns
from contracts.ids import ActionId, LedgerId, UserId


class Base(DeclarativeBase):
    """The tables of this service's own database."""

    type_annotation_map = ID_COLUMNS


class LedgerRow(LedgerColumns, Base):
    """An open ledger: its settings, and the head of its journal."""

    __tablename__ = "ledgers"
    __table_args__ = (
        sa.Index(
            "ix_ledgers_unannounced",
            "id",
            sqlite_where=sa.text("announced < head"),
            postgresql_where=sa.text("announced < head"),
        ),
    )

    currency: Mapped[str] = mapped_column(sa.String(3))
    time_zone: Mapped[str] = mapped_column(sa.String(64))
    locale: Mapped[str] = mapped_column(sa.String(35))
    stored_bytes: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    """Bytes of the pairs in its journal."""


class EntryRow(EntryColumns, Base):
    """The journal."""

    __tablename__ = "journal"


class ReplayRow(Base):
    """The response to a write with an idempotency key, replayed when the key arrives again."""

    __tablename__ = "replays"
    __table_args__ = (sa.Index("ix_replays_answered_at", "answered_at"),)

    ledger: Mapped[LedgerId] = mapped_column(primary_key=True)
    actor: Mapped[UserId] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    """Hash of the request, so that the key cannot be used for another one."""
    revision: Mapped[int] = mapped_column(sa.BigInteger)
    action_id: Mapped[ActionId]
    body: Mapped[str] = mapped_column(sa.Text)
    answered_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class ErasureRow(ErasureColumns, Base):
    """Erasure orders that were carried out."""

    __tablename__ = "erasures"
