"""Facts that people dismissed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Makes the table, and drops insights that were stored in an earlier shape: the next read has them made anew."""
    op.create_table(
        "dismissals",
        sa.Column("ledger", sa.Uuid(), nullable=False),
        sa.Column("fact", sa.String(length=80), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "fact"),
    )
    op.execute("DELETE FROM insights")
