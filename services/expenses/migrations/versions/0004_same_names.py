"""Names that look the same get the same keys. Where a ledger has two such categories, the newer key has a suffix."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from contracts.text import fold, fold_for_search

revision = "0004"
down_revision = "0003"

AT_ONCE = 2_000

_CATEGORIES = sa.table(
    "categories",
    sa.column("ledger", sa.Uuid()),
    sa.column("id", sa.Uuid()),
    sa.column("name", sa.String()),
    sa.column("name_key", sa.String()),
)
_EXPENSES = sa.table(
    "expenses",
    sa.column("ledger", sa.Uuid()),
    sa.column("id", sa.Uuid()),
    sa.column("merchant", sa.String()),
    sa.column("merchant_key", sa.String()),
    sa.column("note", sa.Text()),
    sa.column("tags", sa.JSON()),
    sa.column("tags_key", sa.Text()),
    sa.column("search_text", sa.Text()),
)


def upgrade() -> None:
    """Computes every key anew; names themselves and the journal stay as they are."""
    with op.batch_alter_table("categories") as categories:  # room for the suffix
        categories.alter_column("name_key", existing_type=sa.String(240), type_=sa.String(250), existing_nullable=False)
    _categories(op.get_bind())
    _expenses(op.get_bind())


def _categories(connection: sa.Connection) -> None:
    names: dict[tuple[Any, str], list[Any]] = defaultdict(list)
    # Ids are made in the order of time.
    for row in sorted(connection.execute(sa.select(_CATEGORIES)), key=lambda row: row.id):
        names[row.ledger, fold(row.name)].append(row)
    keys = [
        (row, key if number == 1 else f"{key}\n{number}")
        for (_, key), rows in names.items()
        for number, row in enumerate(rows, 1)
    ]
    changed = [(row, key) for row, key in keys if row.name_key != key]
    # In two steps, since the new key of one may be the old key of another.
    _update(connection, _CATEGORIES, [_values(row, name_key=f"\n{row.id.hex}") for row, _ in changed])
    _update(connection, _CATEGORIES, [_values(row, name_key=key) for row, key in changed])


def _expenses(connection: sa.Connection) -> None:
    for rows in _pages(connection):
        changed = []
        for row in rows:
            keys = {
                "merchant_key": fold(row.merchant) if row.merchant else None,
                "tags_key": "".join(f"\n{fold(tag)}" for tag in row.tags) + "\n",
                "search_text": fold_for_search("\n".join([row.merchant or "", row.note or "", *row.tags])),
            }
            if any(getattr(row, name) != key for name, key in keys.items()):
                changed.append(_values(row, **keys))
        _update(connection, _EXPENSES, changed)


def _pages(connection: sa.Connection) -> Iterator[list[sa.Row[Any]]]:
    place = sa.tuple_(_EXPENSES.c.ledger, _EXPENSES.c.id)
    query = sa.select(_EXPENSES).order_by(_EXPENSES.c.ledger, _EXPENSES.c.id).limit(AT_ONCE)
    rows = list(connection.execute(query))
    while rows:
        yield rows
        last = sa.tuple_(sa.literal(rows[-1].ledger, sa.Uuid()), sa.literal(rows[-1].id, sa.Uuid()))
        rows = list(connection.execute(query.where(place > last)))


def _values(row: sa.Row[Any], **keys: str | None) -> dict[str, Any]:
    return {"of_ledger": row.ledger, "of_id": row.id, **keys}


def _update(connection: sa.Connection, table: sa.TableClause, values: list[dict[str, Any]]) -> None:
    if values:
        own = (table.c.ledger == sa.bindparam("of_ledger"), table.c.id == sa.bindparam("of_id"))
        names = [name for name in values[0] if not name.startswith("of_")]
        statement = sa.update(table).where(*own).values({name: sa.bindparam(name) for name in names})
        connection.execute(statement, values)
