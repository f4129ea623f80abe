"""Table of categories."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contracts.ids import CategoryId, LedgerId
from services.expenses.ledger.tables import Base


class CategoryRow(Base):
    """A category of a ledger."""

    __tablename__ = "categories"
    __table_args__ = (sa.UniqueConstraint("ledger", "name_key", name="uq_categories_name"),)

    ledger: Mapped[LedgerId] = mapped_column(primary_key=True)
    id: Mapped[CategoryId] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    name_key: Mapped[str] = mapped_column(sa.String(250))
    """The folded name. If a ledger had two equal names before they compared as equal, the newer one has a suffix: a
    line break, which no folded name has, and a number."""
    parent: Mapped[CategoryId | None]
    colour: Mapped[str | None] = mapped_column(sa.String(20))
    icon: Mapped[str | None] = mapped_column(sa.String(40))
