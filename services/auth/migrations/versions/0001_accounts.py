import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False, unique=True),
        sa.Column("name", sa.String(100)),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_table(
        "ledgers",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("locale", sa.String(35), nullable=False),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_table(
        "members",
        sa.Column("ledger", sa.Uuid(), sa.ForeignKey("ledgers.id"), primary_key=True),
        sa.Column("account", sa.Uuid(), sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("role", sa.String(10), nullable=False),
    )
    op.create_index("ix_members_account", "members", ["account"])
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("first_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(200)),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("used_at", moment, nullable=False),
    )
    op.create_index("ix_sessions_account", "sessions", ["account"])
    op.create_table(
        "signing_keys",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("kid", sa.String(43), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
    )
