"""Derived rows are keyed by their ledger and a generation, so that all rows of a ledger are in one shard.

Until now they were keyed by the id of their build alone, which the checkpoint names. Rows of unfinished builds are
dropped; `outlay rebuild` begins again.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_GENERATION = 1
"""Generation of every build that was served until now."""

_SUMS: tuple[sa.Column[Any], ...] = (
    sa.Column("period", sa.Date(), primary_key=True),
    sa.Column("category", sa.Uuid(), primary_key=True),
    sa.Column("currency", sa.String(length=3), primary_key=True),
    sa.Column("total", sa.BigInteger(), nullable=False),
    sa.Column("count", sa.BigInteger(), nullable=False),
)
_TABLES: dict[str, tuple[sa.Column[Any], ...]] = {
    "day_totals": _SUMS,
    "month_totals": _SUMS,
    "payments": (
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("category", sa.Uuid(), nullable=False),
        sa.Column("merchant", sa.String(length=200)),
    ),
    "categories": (
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.String(length=100), nullable=False),
    ),
    "ledgers": (
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
    ),
}
_CHECKPOINTS = sa.table("checkpoints", sa.column("ledger", sa.Uuid()), sa.column("shelf", sa.Uuid()))


def upgrade() -> None:
    """Copies the rows of every served build, then replaces the checkpoints' reference to it."""
    op.drop_index("ix_payments_day", "payments")
    for name, columns in _TABLES.items():
        _rekey(name, columns)
    op.create_index("ix_payments_day", "payments", ["ledger", "generation", "day"])

    op.drop_index("ix_checkpoints_shelf", "checkpoints")
    with op.batch_alter_table("checkpoints") as checkpoints:
        checkpoints.drop_column("shelf")
        checkpoints.add_column(
            sa.Column("generation", sa.BigInteger(), nullable=False, server_default=str(_GENERATION))
        )
    with op.batch_alter_table("checkpoints") as checkpoints:
        checkpoints.alter_column("generation", server_default=None)

    op.drop_table("shelves")
    op.create_table(
        "projection_builds",
        sa.Column("ledger", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "generation"),
    )


def _rekey(name: str, columns: tuple[sa.Column[Any], ...]) -> None:
    before = f"{name}_before"
    op.rename_table(name, before)
    if op.get_bind().dialect.name == "postgresql":  # the name of the key is the table's
        op.execute(sa.text(f"ALTER TABLE {before} RENAME CONSTRAINT {name}_pkey TO {before}_pkey"))
    keys = [column.name for column in columns if column.primary_key]
    after = op.create_table(
        name,
        sa.Column("ledger", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        *(sa.Column(column.name, column.type, nullable=column.nullable) for column in columns),
        sa.PrimaryKeyConstraint("ledger", "generation", *keys),
    )
    names = [column.name for column in columns]
    rows = sa.table(before, sa.column("shelf", sa.Uuid()), *(sa.column(name) for name in names))
    served = sa.select(_CHECKPOINTS.c.ledger, sa.literal(_GENERATION), *(rows.c[name] for name in names)).join_from(
        rows, _CHECKPOINTS, rows.c.shelf == _CHECKPOINTS.c.shelf
    )
    op.execute(sa.insert(after).from_select(["ledger", "generation", *names], served))
    op.drop_table(before)
