import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("sessions", sa.Column("issued_at", moment))
    op.add_column("sessions", sa.Column("confirmed_at", moment))
    op.execute("UPDATE sessions SET issued_at = used_at")
    with op.batch_alter_table("sessions") as table:
        table.alter_column("issued_at", existing_type=moment, nullable=False)
