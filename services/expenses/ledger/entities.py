"""Kinds of entities in a ledger. Writes, undo, export and erasure iterate over one registry of them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.errors import NotFound
from contracts.book import Image
from contracts.ids import LedgerId

K = TypeVar("K", bound=UUID)
"""The id of an entity."""
I = TypeVar("I", bound=Image)  # noqa: E741 - the image of the entity


class EntityRepository(Generic[K, I]):
    """Entities of one kind in one ledger, within one transaction. Every query is bound to the ledger.

    The table has the columns `ledger`, `id`, and one for each field of the image.
    """

    table: ClassVar[sa.Table]
    image: ClassVar[type[Image]]

    def __init__(self, session: Session, ledger: LedgerId) -> None:
        self.session = session
        self.ledger = ledger

    @property
    def own(self) -> sa.ColumnElement[bool]:
        """The condition for rows of this ledger."""
        return self.table.c.ledger == self.ledger

    def columns(self, image: I) -> dict[str, Any]:
        """Returns the values of a row besides its key. Overridden where a table has columns for searches."""
        return image.model_dump()

    def to_image(self, row: Any) -> I:  # noqa: ANN401 - a row of the table
        """Returns the image of a row."""
        return self.image.model_validate(row, from_attributes=True)  # type: ignore[return-value] # a class variable cannot be generic

    def image_columns(self) -> list[sa.Column[Any]]:
        """Returns the columns that `to_image` needs."""
        return [self.table.c[name] for name in ("id", *self.image.model_fields)]

    def get(self, id_: K) -> I:
        """Returns one entity. Raises NotFound."""
        image = self.by_id([id_]).get(id_)
        if image is None:
            raise NotFound
        return image

    def by_id(self, ids: Collection[K]) -> dict[K, I]:
        """Returns these entities, if they exist."""
        if not ids:
            return {}
        query = sa.select(*self.image_columns()).where(self.own, self.table.c.id.in_(list(ids)))
        return {row.id: self.to_image(row) for row in self.session.execute(query)}

    def insert(self, images: Sequence[tuple[K, I]]) -> None:
        """Inserts entities."""
        rows = [{"ledger": self.ledger, "id": id_, **self.columns(image)} for id_, image in images]
        self.session.execute(sa.insert(self.table), rows)

    def update(self, images: Sequence[tuple[K, I]]) -> None:
        """Overwrites entities."""
        rows = [{"id_": id_, **self.columns(image)} for id_, image in images]
        query = sa.update(self.table).where(self.own, self.table.c.id == sa.bindparam("id_"))
        # Core's executemany; the ORM would update by primary key.
        self.session.connection().execute(query, rows)

    def delete(self, ids: Collection[K]) -> None:
        """Deletes entities."""
        self.session.execute(sa.delete(self.table).where(self.own, self.table.c.id.in_(ids)))

    def referenced(self, column: str, ids: Collection[UUID]) -> set[UUID]:
        """Returns those of the ids that entities of this kind refer to in a column."""
        reference = self.table.c[column]
        return set(self.session.scalars(sa.select(reference).distinct().where(self.own, reference.in_(ids))))

    def name_conflicts(self, before: Mapping[K, I | None], after: Mapping[K, I | None]) -> set[K]:
        """Returns the entities whose name would be taken if all of them changed so. Overridden by kinds with names."""
        del before, after
        return set()

    def rows(self) -> Iterator[sa.Row[Any]]:
        """Yields all rows in the order of their ids, reading a few at a time."""
        query = sa.select(self.table).where(self.own).order_by(self.table.c.id)
        yield from self.session.execute(query.execution_options(yield_per=500))


class ExportTable(NamedTuple):
    """A CSV file of an export."""

    name: str
    columns: Sequence[str]
    rows: Callable[[Session, LedgerId], Iterator[Sequence[object]]]
    """Yields the rows of a ledger, from a session of one snapshot."""


@dataclass(frozen=True)
class Entity:
    """A kind of entity: how it is stored, what it refers to, how it is exported."""

    kind: str
    """As the journal has it."""
    repository: type[EntityRepository[Any, Any]]
    export: ExportTable
    references: Mapping[str, str] = field(default_factory=dict)
    """Fields of the image that hold ids of other entities, with their kind."""


class EntityRegistry:
    """Every kind of entity, each after those it refers to."""

    def __init__(self, *entities: Entity) -> None:
        """Raises ValueError if a kind comes before one that it refers to."""
        self._entities: dict[str, Entity] = {}
        for entity in entities:
            if missing := set(entity.references.values()) - self._entities.keys():
                msg = f"{entity.kind} refers to {missing}, which must come before it"
                raise ValueError(msg)
            self._entities[entity.kind] = entity

    def __iter__(self) -> Iterator[Entity]:
        return iter(self._entities.values())

    def __reversed__(self) -> Iterator[Entity]:
        return reversed(self._entities.values())

    def __contains__(self, kind: str) -> bool:
        return kind in self._entities

    def __getitem__(self, kind: str) -> Entity:
        return self._entities[kind]

    def referrers(self, kind: str) -> Iterable[tuple[Entity, str]]:
        """Yields the entities that refer to a kind, and the field."""
        for entity in self:
            for name, referenced in entity.references.items():
                if referenced == kind:
                    yield entity, name
