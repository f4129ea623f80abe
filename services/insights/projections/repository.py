"""Queries of totals and payments. No decisions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database.bulk import upsert
from chassis.database.chunked_deletes import delete_some
from chassis.database.engine import insert_for, table_of
from chassis.projections.builds import ProjectionBuild
from contracts.book import ExpenseImage
from contracts.ids import CategoryId
from services.insights.periods import Period, split
from services.insights.projections.totals import Cell, Delta, EntityKey, Sum
from services.insights.tables import (
    CategoryRow,
    DayTotal,
    LedgerRow,
    MonthTotal,
    PaymentRow,
)

ROWS_AT_ONCE = 500
"""Rows of one statement; SQLite binds 32,766 values at most."""

_DAYS, _MONTHS, _PAYMENTS = table_of(DayTotal), table_of(MonthTotal), table_of(PaymentRow)
_CATEGORIES, _LEDGERS = table_of(CategoryRow), table_of(LedgerRow)
_PROJECTED = (_DAYS, _MONTHS, _PAYMENTS, _CATEGORIES, _LEDGERS)
TABLES = [table.name for table in _PROJECTED]


def write(session: Session, delta: Delta) -> None:
    """Writes what a batch changes."""
    for table, sums in ((_DAYS, delta.days), (_MONTHS, delta.months)):
        _add_sums(session, table, sums)
    _put(session, _PAYMENTS, {key: _payment(image) if image else None for key, image in delta.payments.items()})
    _put(
        session, _CATEGORIES, {key: {"name": image.name} if image else None for key, image in delta.categories.items()}
    )
    for build, image in delta.settings.items():
        insert = insert_for(session, _LEDGERS).values(**build._asdict(), **image.model_dump())
        session.execute(insert.on_conflict_do_update(index_elements=build._fields, set_=image.model_dump()))


def clear_some(session: Session, build: ProjectionBuild) -> dict[str, int]:
    """Deletes some rows of a projection build; returns the number by table, empty when no rows remain."""
    for table in _PROJECTED:
        deleted = delete_some(session, table, build.rows(table))
        if any(deleted.values()):
            return deleted
    return {}


def sums(session: Session, build: ProjectionBuild, period: Period) -> dict[tuple[CategoryId, str], Sum]:
    """Returns the sums of a period by category and currency."""
    return _grouped(session, _cells(build, period))


def whole(session: Session, build: ProjectionBuild) -> list[dict[tuple[CategoryId, str], Sum]]:
    """Returns all sums of a build, computed in three ways: from its days, its months and its payments."""
    payments = sa.select(
        _PAYMENTS.c.category, _PAYMENTS.c.currency, _PAYMENTS.c.minor.label("total"), sa.literal(1).label("count")
    ).where(build.rows(_PAYMENTS))
    cells = [sa.select(table).where(build.rows(table)) for table in (_DAYS, _MONTHS)]
    return [_grouped(session, query.subquery()) for query in (*cells, payments)]


def series(
    session: Session, build: ProjectionBuild, period: Period, currency: str, *, months: bool
) -> list[tuple[Any, ...]]:
    """Returns (first day, category, minor units) by day, or by month for whole months."""
    cells = _cells(build, period) if months else _days(build, (period,))
    query = sa.select(cells.c.period, cells.c.category, cells.c.total).where(cells.c.currency == currency)
    return [tuple(row) for row in session.execute(query)]


def category_names(session: Session, build: ProjectionBuild) -> dict[CategoryId, str]:
    """Returns the names of the build's categories."""
    query = sa.select(_CATEGORIES.c.id, _CATEGORIES.c.name).where(build.rows(_CATEGORIES))
    return {row.id: row.name for row in session.execute(query)}


def settings(session: Session, build: ProjectionBuild) -> LedgerRow:
    """Returns the ledger's settings, from its first entry."""
    return session.get_one(LedgerRow, tuple(build))


def _grouped(session: Session, cells: sa.Subquery) -> dict[tuple[CategoryId, str], Sum]:
    query = sa.select(
        cells.c.category, cells.c.currency, sa.func.sum(cells.c.total), sa.func.sum(cells.c.count)
    ).group_by(cells.c.category, cells.c.currency)
    return {(row[0], row[1]): Sum(int(row[2]), int(row[3])) for row in session.execute(query)}


def _days(build: ProjectionBuild, periods: Sequence[Period]) -> sa.Subquery:
    return _select(_DAYS, build, periods).subquery()


def _cells(build: ProjectionBuild, period: Period) -> sa.Subquery:
    parts = split(period)
    selects = [_select(_DAYS, build, parts.days)] if parts.days else []
    if parts.months:
        selects.append(_select(_MONTHS, build, (parts.months,)))
    return sa.union_all(*selects).subquery()


def _select(table: sa.Table, build: ProjectionBuild, periods: Sequence[Period]) -> sa.Select[Any]:
    inside = [table.c.period.between(period.since, period.until) for period in periods]
    return sa.select(table.c.period, table.c.category, table.c.currency, table.c.total, table.c.count).where(
        build.rows(table), sa.or_(*inside)
    )


def _payment(image: ExpenseImage) -> dict[str, Any]:
    return {
        "day": image.spent_on,
        "minor": image.minor,
        "currency": image.currency,
        "category": image.category,
        "merchant": image.merchant,
    }


def _add_sums(session: Session, table: sa.Table, sums: Mapping[Cell, Sum]) -> None:
    changed = {cell: sum_ for cell, sum_ in sorted(sums.items()) if sum_ != Sum()}
    rows = [{**cell._asdict(), "total": sum_.total, "count": sum_.count} for cell, sum_ in changed.items()]
    upsert(
        session, table, rows, Cell._fields, lambda new: {name: table.c[name] + new[name] for name in ("total", "count")}
    )
    for cells in _chunks([cell for cell, sum_ in changed.items() if sum_.count < 0]):
        keys = sa.tuple_(*(table.c[name] for name in Cell._fields)).in_(cells)
        session.execute(sa.delete(table).where(keys, table.c.count == 0))


def _put(session: Session, table: sa.Table, images: Mapping[Any, dict[str, Any] | None]) -> None:
    rows = [key._asdict() | image for key, image in images.items() if image is not None]
    changing = [column.name for column in table.c if not column.primary_key]
    upsert(session, table, rows, EntityKey._fields, lambda new: {name: new[name] for name in changing})
    for keys in _chunks([key for key, image in images.items() if image is None]):
        session.execute(sa.delete(table).where(sa.tuple_(*(table.c[name] for name in EntityKey._fields)).in_(keys)))


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    rows = list(rows)
    for start in range(0, len(rows), ROWS_AT_ONCE):
        yield rows[start : start + ROWS_AT_ONCE]
