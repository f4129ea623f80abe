"""Queries of expenses and categories, each bound to one ledger by construction. No decisions."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database.engine import table_of
from contracts.book import BookSum, CategoryImage, ExpenseImage, SameName, StoredLedger, StoredLedgers
from contracts.text import fold, fold_for_search
from services.expenses.queries import ListQuery
from services.expenses.tables import CategoryRow, ExpenseRow, LedgerRow, ReplayRow

_EXPENSES = table_of(ExpenseRow)
_CATEGORIES = table_of(CategoryRow)
_IMAGE = [_EXPENSES.c[name] for name in ("id", *ExpenseImage.model_fields)]
"""The columns of an expense's image, without those only for searches."""


class LedgerRepository:
    """Expenses and categories of one ledger, within one transaction."""

    def __init__(self, session: Session, ledger: UUID) -> None:
        self._session = session
        self.ledger = ledger

    def expenses(self, ids: Iterable[UUID]) -> dict[UUID, ExpenseImage]:
        """Returns the images of these expenses, if they exist."""
        query = sa.select(*_IMAGE).where(_EXPENSES.c.ledger == self.ledger, _EXPENSES.c.id.in_(list(ids)))
        return {row.id: expense_image(row) for row in self._session.execute(query)}

    def add_expenses(self, images: Sequence[tuple[UUID, ExpenseImage]]) -> None:
        """Inserts expenses."""
        if images:
            rows = [{"ledger": self.ledger, "id": id_, **_columns(image)} for id_, image in images]
            self._session.execute(sa.insert(_EXPENSES), rows)

    def update_expenses(self, images: Sequence[tuple[UUID, ExpenseImage]]) -> None:
        """Overwrites expenses."""
        if images:
            own = (_EXPENSES.c.ledger == self.ledger, _EXPENSES.c.id == sa.bindparam("id_"))
            rows = [{"id_": id_, **_columns(image)} for id_, image in images]
            # Core's executemany; the ORM would update by primary key.
            self._session.connection().execute(sa.update(_EXPENSES).where(*own), rows)

    def delete_expenses(self, ids: Sequence[UUID]) -> None:
        """Deletes expenses."""
        own = (_EXPENSES.c.ledger == self.ledger, _EXPENSES.c.id.in_(ids))
        self._session.execute(sa.delete(_EXPENSES).where(*own))

    def find_expenses(self, query: ListQuery, most_bytes: int) -> tuple[list[tuple[UUID, ExpenseImage]], bool]:
        """Returns matching expenses, newest first, up to limit and `most_bytes`; and whether there are more."""
        table = _EXPENSES.c
        found = sa.select(*_IMAGE).where(table.ledger == self.ledger, *_conditions(query))
        if query.category is not None:
            found = found.where(table.category.in_(self._category_ids(query.category)))
        if query.cursor is not None:
            last = sa.tuple_(sa.literal(query.cursor.spent_on), sa.literal(query.cursor.id, sa.Uuid()))
            found = found.where(sa.tuple_(table.spent_on, table.id) < last)
        found = found.order_by(table.spent_on.desc(), table.id.desc()).limit(query.limit + 1)
        page: list[tuple[UUID, ExpenseImage]] = []
        size = 0
        for row in self._session.execute(found):
            image = expense_image(row)
            size += len(image.model_dump_json().encode())
            if page and (len(page) == query.limit or size > most_bytes):
                return page, True
            page.append((row.id, image))
        return page, False

    def every_expense(self) -> Iterator[sa.Row[Any]]:
        """Yields all expenses, oldest first, reading a few at a time."""
        table = _EXPENSES
        query = sa.select(table).where(table.c.ledger == self.ledger).order_by(table.c.spent_on, table.c.id)
        yield from self._session.execute(query.execution_options(yield_per=500))

    def _category_ids(self, text: str) -> sa.Select[Any]:
        named = _is_named(fold(text))
        with suppress(ValueError):
            named |= _CATEGORIES.c.id == UUID(text)
        return sa.select(_CATEGORIES.c.id).where(_CATEGORIES.c.ledger == self.ledger, named)

    def categories(self) -> dict[UUID, CategoryImage]:
        """Returns every category of the ledger, by name."""
        return self._categories(sa.true())

    def categories_by_id(self, ids: Collection[UUID]) -> dict[UUID, CategoryImage]:
        """Returns these categories, if they exist."""
        return self._categories(_CATEGORIES.c.id.in_(ids)) if ids else {}

    def categories_named(self, keys: Collection[str]) -> dict[UUID, CategoryImage]:
        """Returns the categories with these folded names, if they exist."""
        if not keys:
            return {}
        # One statement: a round trip costs more than a scan of the ledger's keys for the few with a suffix.
        key = _CATEGORIES.c.name_key
        rows = self._category_rows(sa.or_(key.in_(keys), key.contains("\n")))
        return _category_images([row for row in rows if row.name_key in keys or fold(row.name) in keys])

    def category_page(self, after: str, limit: int) -> tuple[dict[UUID, CategoryImage], str | None]:
        """Returns a page of categories by name after a key, and the key of its last one; None on the last page."""
        rows = self._category_rows(_CATEGORIES.c.name_key > after, limit + 1)
        return _category_images(rows[:limit]), rows[limit - 1].name_key if len(rows) > limit else None

    def count_categories(self) -> int:
        """Returns the number of the ledger's categories."""
        query = sa.select(sa.func.count()).select_from(_CATEGORIES).where(_CATEGORIES.c.ledger == self.ledger)
        return self._session.scalars(query).one()

    def _categories(self, which: sa.ColumnElement[bool]) -> dict[UUID, CategoryImage]:
        return _category_images(self._category_rows(which))

    def _category_rows(self, which: sa.ColumnElement[bool], limit: int | None = None) -> Sequence[sa.Row[Any]]:
        query = sa.select(_CATEGORIES).where(_CATEGORIES.c.ledger == self.ledger, which)
        return self._session.execute(query.order_by(_CATEGORIES.c.name_key).limit(limit)).all()

    def add_categories(self, images: Sequence[tuple[UUID, CategoryImage]]) -> None:
        """Inserts categories."""
        if images:
            own = {"ledger": self.ledger}
            rows = [{**own, "id": id_, "name_key": fold(image.name), **image.model_dump()} for id_, image in images]
            self._session.execute(sa.insert(_CATEGORIES), rows)

    def update_category(self, id_: UUID, image: CategoryImage) -> None:
        """Overwrites a category. The key stays if the name is equal, since it may have a suffix."""
        own = (_CATEGORIES.c.ledger == self.ledger, _CATEGORIES.c.id == id_)
        key = fold(image.name)
        values = {"name_key": sa.case((_is_named(key), _CATEGORIES.c.name_key), else_=key), **image.model_dump()}
        self._session.execute(sa.update(_CATEGORIES).where(*own).values(values))

    def delete_categories(self, ids: Sequence[UUID]) -> None:
        """Deletes categories."""
        own = (_CATEGORIES.c.ledger == self.ledger, _CATEGORIES.c.id.in_(ids))
        self._session.execute(sa.delete(_CATEGORIES).where(*own))

    def categories_in_use(self, ids: Sequence[UUID]) -> set[UUID]:
        """Returns those of the categories that expenses use."""
        query = sa.select(_EXPENSES.c.category).distinct()
        own = (_EXPENSES.c.ledger == self.ledger, _EXPENSES.c.category.in_(ids))
        return set(self._session.scalars(query.where(*own)))

    def sums(self) -> list[BookSum]:
        """Returns sums of the expenses' rows by category and currency."""
        table = _EXPENSES.c
        columns = table.category, table.currency
        query = sa.select(*columns, sa.func.sum(table.minor).label("total"), sa.func.count().label("count"))
        rows = self._session.execute(query.where(table.ledger == self.ledger).group_by(*columns))
        return [BookSum.model_validate(row, from_attributes=True) for row in rows]

    def stored_bytes(self, ledgers: Collection[UUID]) -> int:
        """Returns the bytes in the journals of these ledgers."""
        query = sa.select(sa.func.sum(LedgerRow.stored_bytes)).where(LedgerRow.id.in_(ledgers))
        return int(self._session.scalar(query) or 0)

    def settings(self) -> LedgerRow:
        """Returns the row of an open ledger."""
        return self._session.get_one(LedgerRow, self.ledger)

    def replay(self, actor: UUID, key: str) -> ReplayRow | None:
        """Returns the stored response for an idempotency key."""
        return self._session.get(ReplayRow, (self.ledger, actor, key))

    def add_replay(self, row: ReplayRow) -> None:
        """Stores a response for its idempotency key."""
        self._session.add(row)


def stored_ledgers(session: Session, limit: int) -> StoredLedgers:
    """Returns the bytes of all journals, and the largest ledgers."""
    columns = LedgerRow.id.label("ledger"), LedgerRow.stored_bytes
    rows = session.execute(sa.select(*columns).order_by(LedgerRow.stored_bytes.desc(), LedgerRow.id).limit(limit))
    largest = tuple(StoredLedger.model_validate(row, from_attributes=True) for row in rows)
    total = session.scalar(sa.select(sa.func.sum(LedgerRow.stored_bytes)))
    return StoredLedgers(total_bytes=int(total or 0), ledgers=largest)


def same_names(session: Session, limit: int) -> list[SameName]:
    """Returns categories with the same name as an older one of their ledger, in the order of ledger ids."""
    table = _CATEGORIES.c
    query = sa.select(table.ledger, table.id, table.name).where(table.name_key.contains("\n"))
    rows = session.execute(query.order_by(table.ledger, table.name_key).limit(limit))
    return [SameName.model_validate(row, from_attributes=True) for row in rows]


def _is_named(key: str) -> sa.ColumnElement[bool]:
    """Matches a name's key, also with a suffix: see `CategoryRow.name_key`."""
    suffixed = _CATEGORIES.c.name_key.startswith(f"{key}\n", autoescape=True)
    return sa.or_(_CATEGORIES.c.name_key == key, suffixed)


def expense_image(row: Any) -> ExpenseImage:  # noqa: ANN401 - a row of the table
    """Returns the image of a row."""
    return ExpenseImage.model_validate(row, from_attributes=True)


def _category_images(rows: Iterable[sa.Row[Any]]) -> dict[UUID, CategoryImage]:
    return {row.id: CategoryImage.model_validate(row, from_attributes=True) for row in rows}


def _columns(image: ExpenseImage) -> dict[str, Any]:
    texts = [image.merchant or "", image.note or "", *image.tags]
    return image.model_dump() | {
        "tags": list(image.tags),
        "tags_key": "".join(f"\n{fold(tag)}" for tag in image.tags) + "\n",
        "merchant_key": fold(image.merchant) if image.merchant else None,
        "search_text": fold_for_search("\n".join(texts)),
    }


def _conditions(query: ListQuery) -> list[sa.ColumnElement[bool]]:
    table = _EXPENSES.c
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
