"""Queries of categories. No decisions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database.engine import table_of
from contracts.book import CategoryImage, SameName
from contracts.ids import CategoryId
from contracts.text import fold
from services.expenses.categories.tables import CategoryRow
from services.expenses.ledger.entities import EntityRepository

_TABLE = table_of(CategoryRow)


class CategoryRepository(EntityRepository[CategoryId, CategoryImage]):
    """Categories of one ledger, within one transaction."""

    table = _TABLE
    image = CategoryImage

    def columns(self, image: CategoryImage) -> dict[str, Any]:
        """Adds the folded name."""
        return {"name_key": fold(image.name), **image.model_dump()}

    def update(self, images: Sequence[tuple[CategoryId, CategoryImage]]) -> None:
        """Overwrites categories. The key stays if the name is equal, since it may have a suffix."""
        for id_, image in images:
            key = fold(image.name)
            values = {**image.model_dump(), "name_key": sa.case((_is_named(key), _TABLE.c.name_key), else_=key)}
            self.session.execute(sa.update(_TABLE).where(self.own, _TABLE.c.id == id_).values(values))

    def every(self) -> dict[CategoryId, CategoryImage]:
        """Returns every category of the ledger, by name."""
        return self._images(self._rows(sa.true()))

    def named(self, keys: Collection[str]) -> dict[CategoryId, CategoryImage]:
        """Returns the categories with these folded names, if they exist."""
        if not keys:
            return {}
        # One statement: a round trip costs more than a scan of the ledger's keys for the few with a suffix.
        key = _TABLE.c.name_key
        rows = self._rows(sa.or_(key.in_(keys), key.contains("\n")))
        return self._images(row for row in rows if row.name_key in keys or fold(row.name) in keys)

    def page(self, after: str, limit: int) -> tuple[dict[CategoryId, CategoryImage], str | None]:
        """Returns a page of categories by name after a key, and the key of its last one; None on the last page."""
        rows = self._rows(_TABLE.c.name_key > after, limit + 1)
        return self._images(rows[:limit]), rows[limit - 1].name_key if len(rows) > limit else None

    def count(self) -> int:
        """Returns the number of the ledger's categories."""
        return self.session.scalars(sa.select(sa.func.count()).select_from(_TABLE).where(self.own)).one()

    def ids_of(self, text: str) -> sa.Select[Any]:
        """Returns the query for the ids of the categories with a name or an id."""
        named = _is_named(fold(text))
        with suppress(ValueError):
            named |= _TABLE.c.id == UUID(text)
        return sa.select(_TABLE.c.id).where(self.own, named)

    def name_conflicts(
        self, before: Mapping[CategoryId, CategoryImage | None], after: Mapping[CategoryId, CategoryImage | None]
    ) -> set[CategoryId]:
        """Compares folded names, with each other and with those of the other categories."""
        restored = {id_: image for id_, image in after.items() if image and before[id_] != image}
        existing = self.named({fold(image.name) for image in restored.values()})
        taken = {fold(image.name) for id_, image in existing.items() if after.get(id_, image) == image}
        conflicts = set()
        for id_, image in restored.items():
            current = before[id_]
            if fold(image.name) in taken - ({fold(current.name)} if current else set()):
                conflicts.add(id_)
            taken.add(fold(image.name))
        return conflicts

    def _rows(self, which: sa.ColumnElement[bool], limit: int | None = None) -> Sequence[sa.Row[Any]]:
        query = sa.select(_TABLE).where(self.own, which)
        return self.session.execute(query.order_by(_TABLE.c.name_key).limit(limit)).all()

    def _images(self, rows: Iterable[sa.Row[Any]]) -> dict[CategoryId, CategoryImage]:
        return {row.id: self.to_image(row) for row in rows}


def same_names(session: Session, limit: int) -> list[SameName]:
    """Returns categories with the same name as an older one of their ledger, in the order of ledger ids."""
    columns = _TABLE.c
    query = sa.select(columns.ledger, columns.id, columns.name).where(columns.name_key.contains("\n"))
    rows = session.execute(query.order_by(columns.ledger, columns.name_key).limit(limit))
    return [SameName.model_validate(row, from_attributes=True) for row in rows]


def _is_named(key: str) -> sa.ColumnElement[bool]:
    """Matches a name's key, also with a suffix: see `CategoryRow.name_key`."""
    suffixed = _TABLE.c.name_key.startswith(f"{key}\n", autoescape=True)
    return sa.or_(_TABLE.c.name_key == key, suffixed)
