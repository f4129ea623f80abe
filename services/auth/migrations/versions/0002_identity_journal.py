import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "identity",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.Column("tail", sa.Uuid(), nullable=False),
        sa.Column("announced", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "identity_journal",
        sa.Column("ledger", sa.Uuid(), primary_key=True),
        sa.Column("revision", sa.BigInteger(), primary_key=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("previous", sa.Uuid()),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("actor", sa.Uuid()),
        sa.Column("via", sa.String(10), nullable=False),
        sa.Column("request_id", sa.String(64)),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pairs", sa.Text(), nullable=False),
    )
    op.create_index("ix_journal_action", "identity_journal", ["ledger", "action_id"])
    op.add_column("sessions", sa.Column("address", sa.String(45)))
