"""Queries of expenses. No decisions."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from chassis.database.engine import table_of
from contracts.book import BookSum, ExpenseImage
from contracts.ids import ExpenseId
from contracts.text import fold, fold_for_search
from services.expenses.categories.repository import CategoryRepository
from services.expenses.ledger.entities import EntityRepository
from services.expenses.payments.queries import ListQuery
from services.expenses.payments.tables import ExpenseRow

_TABLE = table_of(ExpenseRow)


class ExpenseRepository(EntityRepository[ExpenseId, ExpenseImage]):
    """Expenses of one ledger, within one transaction."""

    table = _TABLE
    image = ExpenseImage

    def columns(self, image: ExpenseImage) -> dict[str, Any]:
        """Adds the folded texts for searches."""
        texts = [image.merchant or "", image.note or "", *image.tags]
        return image.model_dump() | {
            "tags": list(image.tags),
            "tags_key": "".join(f"\n{fold(tag)}" for tag in image.tags) + "\n",
            "merchant_key": fold(image.merchant) if image.merchant else None,
            "search_text": fold_for_search("\n".join(texts)),
        }

    def find(self, query: ListQuery, most_bytes: int) -> tuple[list[tuple[ExpenseId, ExpenseImage]], bool]:
        """Returns matching expenses, newest first, up to limit and `most_bytes`; and whether there are more."""
        table = _TABLE.c
        matching = sa.select(*self.image_columns()).where(self.own, *_conditions(query))
        if query.category is not None:
            categories = CategoryRepository(self.session, self.ledger).ids_of(query.category)
            matching = matching.where(table.category.in_(categories))
        if query.cursor is not None:
            last = sa.tuple_(sa.literal(query.cursor.spent_on), sa.literal(query.cursor.id, sa.Uuid()))
            matching = matching.where(sa.tuple_(table.spent_on, table.id) < last)
        matching = matching.order_by(table.spent_on.desc(), table.id.desc()).limit(query.limit + 1)
        page: list[tuple[ExpenseId, ExpenseImage]] = []
        size = 0
        for row in self.session.execute(matching):
            image = self.to_image(row)
            size += len(image.model_dump_json().encode())
            if page and (len(page) == query.limit or size > most_bytes):
                return page, True
            page.append((row.id, image))
        return page, False

    def every(self) -> Iterator[sa.Row[Any]]:
        """Yields all expenses, oldest first, reading a few at a time."""
        query = sa.select(_TABLE).where(self.own).order_by(_TABLE.c.spent_on, _TABLE.c.id)
        yield from self.session.execute(query.execution_options(yield_per=500))

    def sums(self) -> list[BookSum]:
        """Returns sums of the expenses' rows by category and currency."""
        columns = _TABLE.c.category, _TABLE.c.currency
        query = sa.select(*columns, sa.func.sum(_TABLE.c.minor).label("total"), sa.func.count().label("count"))
        rows = self.session.execute(query.where(self.own).group_by(*columns))
        return [BookSum.model_validate(row, from_attributes=True) for row in rows]


def _conditions(query: ListQuery) -> list[sa.ColumnElement[bool]]:
    table = _TABLE.c
    conditions: list[sa.ColumnElement[bool]] = []
    if query.since is not None:
        conditions.append(table.spent_on >= query.since)
    if query.until is not None:
        conditions.append(table.spent_on <= query.until)
    if query.merchant is not None:
        conditions.append(table.merchant_key == fold(query.merchant))
    if query.currency is not None:
        conditions.append(table.currency == query.currency)
    if query.weekday is not None:
        # Both databases count from Sunday, which is 0.
        conditions.append(sa.extract("dow", table.spent_on) == query.weekday % 7)
    if query.ids is not None:
        conditions.append(table.id.in_(query.ids.ids))
    if query.q is not None and (text := fold_for_search(query.q)):
        conditions.append(table.search_text.contains(text, autoescape=True))
    if query.tag is not None:
        conditions.append(table.tags_key.contains(f"\n{fold(query.tag)}\n", autoescape=True))
    return conditions
