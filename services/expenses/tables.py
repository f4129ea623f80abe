"""Tables of the expenses service."""

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.database.engine import UtcDateTime
from chassis.erasure.orders import ErasureColumns
from chassis.journal.tables import EntryColumns, LedgerColumns


class Base(DeclarativeBase):
    """The tables of this service's own database."""


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


class CategoryRow(Base):
    """A category of a ledger."""

    __tablename__ = "categories"
    __table_args__ = (sa.UniqueConstraint("ledger", "name_key", name="uq_categories_name"),)

    ledger: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    name_key: Mapped[str] = mapped_column(sa.String(250))
    """The folded name. If a ledger had two equal names before they compared as equal, the newer one has a suffix: a
    line break, which no folded name has, and a number."""
    parent: Mapped[UUID | None]
    colour: Mapped[str | None] = mapped_column(sa.String(20))
    icon: Mapped[str | None] = mapped_column(sa.String(40))


class ExpenseRow(Base):
    """The current state of an expense."""

    __tablename__ = "expenses"
    __table_args__ = (
        sa.Index("ix_expenses_newest", "ledger", "spent_on", "id"),
        sa.Index("ix_expenses_category", "ledger", "category", "spent_on", "id"),
        sa.Index("ix_expenses_merchant", "ledger", "merchant_key", "spent_on", "id"),
    )

    ledger: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    amount: Mapped[str] = mapped_column(sa.String(40))
    minor: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    category: Mapped[UUID]
    merchant: Mapped[str | None] = mapped_column(sa.String(200))
    merchant_key: Mapped[str | None] = mapped_column(sa.String(600))
    note: Mapped[str | None] = mapped_column(sa.Text)
    spent_on: Mapped[dt.date]
    tags: Mapped[list[str]] = mapped_column(sa.JSON)
    tags_key: Mapped[str] = mapped_column(sa.Text)
    """The folded tags, a line each, with a line break before and after."""
    search_text: Mapped[str] = mapped_column(sa.Text)
    """Merchant, note and tags, folded for searches."""


class ReplayRow(Base):
    """The response to a write with an idempotency key, replayed when the key arrives again."""

    __tablename__ = "replays"
    __table_args__ = (sa.Index("ix_replays_answered_at", "answered_at"),)

    ledger: Mapped[UUID] = mapped_column(primary_key=True)
    actor: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    """Hash of the request, so that the key cannot be used for another one."""
    revision: Mapped[int] = mapped_column(sa.BigInteger)
    action_id: Mapped[UUID]
    body: Mapped[str] = mapped_column(sa.Text)
    answered_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class ErasureRow(ErasureColumns, Base):
    """Erasure orders that were carried out."""

    __tablename__ = "erasures"
