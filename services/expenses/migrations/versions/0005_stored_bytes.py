"""How many bytes the journal of each ledger holds."""

import sqlalchemy as sa
from alembic import op

from chassis.journal.pages import stored_bytes

revision = "0005"
down_revision = "0004"

_LEDGERS = sa.table("ledgers", sa.column("id", sa.Uuid()), sa.column("stored_bytes", sa.BigInteger()))
_JOURNAL = sa.table("journal", sa.column("ledger", sa.Uuid()), sa.column("pairs", sa.Text()))


def upgrade() -> None:
    """Adds the column and counts what is there."""
    op.add_column("ledgers", sa.Column("stored_bytes", sa.BigInteger(), nullable=False, server_default="0"))
    total = sa.select(sa.func.coalesce(sa.func.sum(stored_bytes(_JOURNAL.c.pairs)), 0))
    own = total.where(_JOURNAL.c.ledger == _LEDGERS.c.id).scalar_subquery()
    op.get_bind().execute(sa.update(_LEDGERS).values(stored_bytes=own))
