"""Room for a name whose letters become three each when it is compared, as the ligature ffi does."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Widens the column; SQLite holds nobody to a length, but its schema is to say the same."""
    with op.batch_alter_table("categories") as categories:
        categories.alter_column("name_key", existing_type=sa.String(200), type_=sa.String(240), existing_nullable=False)
