"""A receipt says until when copies from before an upgrade may hold what was erased."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("erasures", sa.Column("copies_until", sa.DateTime(timezone=True)))
