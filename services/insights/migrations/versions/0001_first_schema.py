"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes every table."""
    op.create_table(
        "audits",
        sa.Column("ledger", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("audited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drifts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("ledger"),
    )
    op.create_table(
        "categories",
        sa.Column("shelf", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("shelf", "id"),
    )
    op.create_table(
        "checkpoints",
        sa.Column("ledger", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("shelf", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("ledger"),
    )
    op.create_index(op.f("ix_checkpoints_shelf"), "checkpoints", ["shelf"], unique=False)
    op.create_table(
        "day_totals",
        sa.Column("shelf", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("category", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shelf", "period", "category", "currency"),
    )
    op.create_table(
        "insight_jobs",
        sa.Column("ledger", sa.Uuid(), nullable=False),
        sa.Column("wanted_revision", sa.BigInteger(), nullable=False),
        sa.Column("done_revision", sa.BigInteger(), nullable=False),
        sa.Column("done_day", sa.Date(), nullable=True),
        sa.Column("first_unserved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("ledger"),
    )
    op.create_index("ix_insight_jobs_run_after", "insight_jobs", ["run_after"], unique=False)
    op.create_table(
        "insights",
        sa.Column("ledger", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ledger"),
    )
    op.create_table(
        "ledgers",
        sa.Column("shelf", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.PrimaryKeyConstraint("shelf"),
    )
    op.create_table(
        "month_totals",
        sa.Column("shelf", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("category", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shelf", "period", "category", "currency"),
    )
    op.create_table(
        "parked",
        sa.Column("ledger", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("ledger"),
    )
    op.create_table(
        "payments",
        sa.Column("shelf", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("category", sa.Uuid(), nullable=False),
        sa.Column("merchant", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("shelf", "id"),
    )
    op.create_index("ix_payments_day", "payments", ["shelf", "day"], unique=False)
    op.create_table(
        "shelves",
        sa.Column("shelf", sa.Uuid(), nullable=False),
        sa.Column("ledger", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shelf"),
    )
