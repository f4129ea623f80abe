"""Erasures that are under way: rows are deleted in several transactions."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Adds the column; what stands there was carried out."""
    op.add_column("erasures", sa.Column("finished", sa.Boolean(), nullable=False, server_default=sa.true()))
