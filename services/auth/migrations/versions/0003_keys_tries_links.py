import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("accounts", sa.Column("admin", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE accounts SET admin = true WHERE id = (SELECT id FROM accounts ORDER BY created_at, id LIMIT 1)")
    op.add_column("signing_keys", sa.Column("signs_from", moment))
    op.execute("UPDATE signing_keys SET signs_from = created_at")
    with op.batch_alter_table("signing_keys") as table:
        table.alter_column("signs_from", existing_type=moment, nullable=False)
    op.create_table(
        "tries",
        sa.Column("key", sa.LargeBinary(32), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("tried_at", moment, nullable=False),
        sa.Column("open_at", moment, nullable=False),
    )
    op.create_index("ix_tries_tried_at", "tries", ["tried_at"])
    op.create_table(
        "password_resets",
        sa.Column("token_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("account", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
    )
    op.create_index("ix_password_resets_account", "password_resets", ["account"])
    op.create_table(
        "account_invitations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("email", sa.Text()),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
    )
