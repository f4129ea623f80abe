import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "ledger_invitations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("ledger", sa.Uuid(), sa.ForeignKey("ledgers.id"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("email", sa.Text()),
        sa.Column("invited_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("accepted_by", sa.Uuid(), sa.ForeignKey("accounts.id")),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
    )
    op.create_index("ix_ledger_invitations_ledger", "ledger_invitations", ["ledger"])
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("prefix", sa.String(20), nullable=False),
        sa.Column("scope", sa.String(60), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("expires_at", moment),
        sa.Column("used_at", moment),
    )
    op.create_index("ix_api_tokens_account", "api_tokens", ["account"])
    op.create_table(
        "erasures",
        sa.Column("receipt", sa.Uuid(), primary_key=True),
        sa.Column("service", sa.String(20), primary_key=True),
        sa.Column("account", sa.Uuid()),
        sa.Column("ledgers", sa.JSON(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("deleted", sa.JSON()),
        sa.Column("confirmed_at", moment),
    )
