"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes every table."""
    op.create_table(
        "categories",
        sa.Column("ledger", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("parent", sa.Uuid(), nullable=True),
        sa.Column("colour", sa.String(length=20), nullable=True),
        sa.Column("icon", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("ledger", "id"),
        sa.UniqueConstraint("ledger", "name_key", name="uq_categories_name"),
    )
    op.create_table(
        "expenses",
        sa.Column("ledger", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.String(length=40), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("category", sa.Uuid(), nullable=False),
        sa.Column("merchant", sa.String(length=200), nullable=True),
        sa.Column("merchant_key", sa.String(length=600), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("tags_key", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "id"),
    )
    op.create_index("ix_expenses_category", "expenses", ["ledger", "category", "spent_on", "id"], unique=False)
    op.create_index("ix_expenses_merchant", "expenses", ["ledger", "merchant_key", "spent_on", "id"], unique=False)
    op.create_index("ix_expenses_newest", "expenses", ["ledger", "spent_on", "id"], unique=False)
    op.create_table(
        "journal",
        sa.Column("ledger", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("previous", sa.Uuid(), nullable=True),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("via", sa.String(length=10), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pairs", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "revision"),
    )
    op.create_index("ix_journal_action", "journal", ["ledger", "action_id"], unique=False)
    op.create_table(
        "ledgers",
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.Column("tail", sa.Uuid(), nullable=False),
        sa.Column("announced", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_ledgers_unannounced",
        "ledgers",
        ["id"],
        unique=False,
        sqlite_where=sa.text("announced < head"),
        postgresql_where=sa.text("announced < head"),
    )
    op.create_table(
        "replays",
        sa.Column("ledger", sa.Uuid(), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "actor", "key"),
    )
    op.create_index("ix_replays_answered_at", "replays", ["answered_at"], unique=False)
