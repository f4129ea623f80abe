import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("email_verified", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("accounts", sa.Column("pending_email", sa.Text()))
    op.add_column("password_resets", sa.Column("mailed", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("ledger_invitations") as table:
        table.add_column(sa.Column("for_account", sa.Uuid()))
        table.create_foreign_key("fk_ledger_invitations_for_account", "accounts", ["for_account"], ["id"])
    op.create_table(
        "email_verifications",
        sa.Column("token_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("account", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_email_verifications_account", "email_verifications", ["account"])
    _name_the_accounts_of_open_invitations()


def _name_the_accounts_of_open_invitations() -> None:
    invitations = sa.table(
        "ledger_invitations", sa.column("id", sa.Uuid()), sa.column("email"), sa.column("for_account", sa.Uuid())
    )
    accounts = sa.table("accounts", sa.column("id", sa.Uuid()), sa.column("email_key"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(invitations).where(invitations.c.email.is_not(None))).all():
        account = sa.select(accounts.c.id).where(accounts.c.email_key == _key(row.email)).scalar_subquery()
        connection.execute(sa.update(invitations).where(invitations.c.id == row.id).values(for_account=account))


def _key(email: str) -> str:
    """An address as it was compared at the time."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", email).casefold())
