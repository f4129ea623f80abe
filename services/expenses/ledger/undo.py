"""Undoes an action: swaps its pairs of before and after, unless they have changed since."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel

from chassis.errors import NotFound
from contracts.book import CATEGORY, EXPENSE, CategoryImage, ExpenseImage
from contracts.journal import JournalEntry
from contracts.text import fold
from services.expenses.errors import ChangedSince
from services.expenses.ledger.unit_of_work import UnitOfWork
from services.expenses.repository import LedgerRepository

_IMAGES: Mapping[str, type[BaseModel]] = {EXPENSE: ExpenseImage, CATEGORY: CategoryImage}


class SkipReason(StrEnum):
    """Why an entity cannot be restored."""

    CHANGED = "changed"
    """It was changed or removed since."""
    IN_USE = "in_use"
    """The action created it, and other entities use it now."""
    CATEGORY_DELETED = "category_gone"
    """Its category was deleted since."""
    NAME_TAKEN = "name_taken"
    """Another category has its name now."""
    FIXED = "fixed"
    """Actions of this kind cannot be undone."""


class SkippedItem(BaseModel):
    """An entity that an undo skipped."""

    kind: str
    id: UUID
    reason: SkipReason


class UndoResult(BaseModel):
    """The result of an undo."""

    action_id: UUID
    undone: int
    skipped: list[SkippedItem]


class _EntityKey(NamedTuple):
    kind: str
    id: UUID


class Undo:
    """Undoes one action within a unit of work. With `skip`, entities that changed since are skipped."""

    def __init__(self, uow: UnitOfWork, entries: Iterable[JournalEntry], *, skip: bool) -> None:
        self._uow = uow
        self._repository: LedgerRepository = uow.repository
        self._skip = skip
        self._skipped: list[SkippedItem] = []
        self._pairs = [pair for entry in reversed(list(entries)) for pair in reversed(entry.pairs)]

    def run(self, action_id: UUID) -> UndoResult:
        """Runs the undo. Raises NotFound, and ChangedSince with the list of conflicts."""
        if not self._pairs:
            raise NotFound
        before = self._current()
        after = self._restored(dict(before))
        self._check(before, after)
        changed = {key: (before[key], image) for key, image in after.items() if before[key] != image}
        self._put(changed)
        self._drop_unused_only(changed)
        if self._skipped and not self._skip:
            raise ChangedSince([item.model_dump(mode="json") for item in self._skipped])
        for key in sorted(changed, key=_order(changed)):
            self._uow.add_change(key.kind, key.id, *changed[key])
        return UndoResult(action_id=action_id, undone=len(changed), skipped=self._skipped)

    def _current(self) -> dict[_EntityKey, BaseModel | None]:
        ids = {kind: {pair.id for pair in self._pairs if pair.kind == kind} for kind in _IMAGES}
        known: Mapping[str, Mapping[UUID, BaseModel]] = {
            EXPENSE: self._repository.expenses(ids[EXPENSE]),
            CATEGORY: self._repository.categories_by_id(ids[CATEGORY]),
        }
        keys = (_EntityKey(pair.kind, pair.id) for pair in self._pairs if pair.kind in _IMAGES)
        return {key: known[key.kind].get(key.id) for key in keys}

    def _restored(self, state: dict[_EntityKey, BaseModel | None]) -> dict[_EntityKey, BaseModel | None]:
        for pair in self._pairs:
            key = _EntityKey(pair.kind, pair.id)
            if pair.kind not in _IMAGES:
                self._skip_item(key, SkipReason.FIXED)
            elif state[key] != _image(pair.kind, pair.after):
                self._skip_item(key, SkipReason.CHANGED)
            else:
                state[key] = _image(pair.kind, pair.before)
        return state

    def _check(self, before: Mapping[_EntityKey, BaseModel | None], after: dict[_EntityKey, BaseModel | None]) -> None:
        """Skips images that conflict with the rest of the ledger."""
        put = {key: image for key, image in after.items() if isinstance(image, CategoryImage) and before[key] != image}
        named = self._repository.categories_named({fold(image.name) for image in put.values()})
        names = {
            fold(image.name) for id_, image in named.items() if after.get(_EntityKey(CATEGORY, id_), image) == image
        }
        for key, image in put.items():
            current = before[key]
            own = {fold(current.name)} if isinstance(current, CategoryImage) else set()
            if fold(image.name) in names - own:
                self._skip_item(key, SkipReason.NAME_TAKEN)
                del after[key]
            names.add(fold(image.name))
        expenses = {key: image.category for key, image in after.items() if isinstance(image, ExpenseImage)}
        there: Mapping[UUID, BaseModel | None] = self._repository.categories_by_id(set(expenses.values()))
        changed = {key.id: image for key, image in after.items() if key.kind == CATEGORY}
        for key, category in expenses.items():
            if changed.get(category, there.get(category)) is None:
                self._skip_item(key, SkipReason.CATEGORY_DELETED)
                del after[key]

    def _put(self, changed: Mapping[_EntityKey, tuple[BaseModel | None, BaseModel | None]]) -> None:
        restored: list[tuple[UUID, CategoryImage]] = []
        new: list[tuple[UUID, ExpenseImage]] = []
        old: list[tuple[UUID, ExpenseImage]] = []
        for key, (before, image) in changed.items():
            if isinstance(image, CategoryImage):
                if before:
                    self._repository.update_category(key.id, image)
                else:
                    restored.append((key.id, image))
            elif isinstance(image, ExpenseImage):
                (old if before else new).append((key.id, image))
        self._repository.add_categories(restored)
        self._repository.add_expenses(new)
        self._repository.update_expenses(old)
        self._repository.delete_expenses(
            [key.id for key, (_, image) in changed.items() if key.kind == EXPENSE and not image]
        )

    def _drop_unused_only(self, changed: dict[_EntityKey, tuple[BaseModel | None, BaseModel | None]]) -> None:
        """Deletes the categories that the action created, except those in use now."""
        made = [key for key, (_, image) in changed.items() if key.kind == CATEGORY and image is None]
        used = self._repository.categories_in_use([key.id for key in made])
        for key in made:
            if key.id in used:
                self._skip_item(key, SkipReason.IN_USE)
                del changed[key]
        self._repository.delete_categories([key.id for key in made if key.id not in used])

    def _skip_item(self, key: _EntityKey, reason: SkipReason) -> None:
        if all((item.kind, item.id) != key for item in self._skipped):
            self._skipped.append(SkippedItem(kind=key.kind, id=key.id, reason=reason))


def _image(kind: str, values: dict[str, Any] | None) -> BaseModel | None:
    return None if values is None else _IMAGES[kind].model_validate(values)


def _order(changed: Mapping[_EntityKey, tuple[BaseModel | None, BaseModel | None]]) -> Any:  # noqa: ANN401 - a sort key
    """Sorts restored categories before expenses that need them, and deleted ones after."""

    def place(key: _EntityKey) -> int:
        return 1 if key.kind == EXPENSE else 0 if changed[key][1] else 2

    return place
