"""Insight runs that an earlier version gave up, on stored insights that it could not read say, are tried again."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    jobs = sa.table("insight_jobs", sa.column("attempts", sa.Integer()))
    op.execute(sa.update(jobs).values(attempts=0))
