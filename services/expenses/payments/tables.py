"""Table of expenses."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contracts.ids import CategoryId, ExpenseId, LedgerId
from services.expenses.ledger.tables import Base


class ExpenseRow(Base):
    """The current state of an expense."""

    __tablename__ = "expenses"
    __table_args__ = (
        sa.Index("ix_expenses_newest", "ledger", "spent_on", "id"),
        sa.Index("ix_expenses_category", "ledger", "category", "spent_on", "id"),
        sa.Index("ix_expenses_merchant", "ledger", "merchant_key", "spent_on", "id"),
    )

    ledger: Mapped[LedgerId] = mapped_column(primary_key=True)
    id: Mapped[ExpenseId] = mapped_column(primary_key=True)
    amount: Mapped[str] = mapped_column(sa.String(40))
    minor: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    category: Mapped[CategoryId]
    merchant: Mapped[str | None] = mapped_column(sa.String(200))
    merchant_key: Mapped[str | None] = mapped_column(sa.String(600))
    note: Mapped[str | None] = mapped_column(sa.Text)
    spent_on: Mapped[dt.date]
    tags: Mapped[list[str]] = mapped_column(sa.JSON)
    tags_key: Mapped[str] = mapped_column(sa.Text)
    """The folded tags, a line each, with a line break before and after."""
    search_text: Mapped[str] = mapped_column(sa.Text)
    """Merchant, note and tags, folded for searches."""
