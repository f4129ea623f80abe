"""Where weeks begin for a person who has chosen it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Adds the column."""
    op.add_column("accounts", sa.Column("week_start", sa.String(length=10), nullable=True))
