"""Undo: the pairs of an action, swapped, where nothing has happened to them since."""

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
from services.expenses.ledger.unit_of_work import Writing
from services.expenses.repository import Book

_IMAGES: Mapping[str, type[BaseModel]] = {EXPENSE: ExpenseImage, CATEGORY: CategoryImage}


class Reason(StrEnum):
    """Why something cannot be put back."""

    CHANGED = "changed"
    """It was changed or removed since."""
    IN_USE = "in_use"
    """The action made it, and other things use it by now."""
    CATEGORY_GONE = "category_gone"
    """It belongs to a category that is not there any more."""
    NAME_TAKEN = "name_taken"
    """Another category has its name by now."""
    FIXED = "fixed"
    """Actions of this kind are not undone."""


class Left(BaseModel):
    """Something that an undo did not touch."""

    kind: str
    id: UUID
    reason: Reason


class Undone(BaseModel):
    """What an undo did."""

    action_id: UUID
    undone: int
    skipped: list[Left]


class _Key(NamedTuple):
    kind: str
    id: UUID


class Undo:
    """Puts one action back within a writing. With `skip` what has changed since is left as it is."""

    def __init__(self, writing: Writing, entries: Iterable[JournalEntry], *, skip: bool) -> None:
        self._writing = writing
        self._book: Book = writing.book
        self._skip = skip
        self._left: list[Left] = []
        self._pairs = [pair for entry in reversed(list(entries)) for pair in reversed(entry.pairs)]

    def run(self, action_id: UUID) -> Undone:
        """Raises NotFound, and ChangedSince with the list of what stands in the way."""
        if not self._pairs:
            raise NotFound
        before = self._current()
        after = self._wanted(dict(before))
        self._check(before, after)
        changed = {key: (before[key], image) for key, image in after.items() if before[key] != image}
        self._put(changed)
        self._drop_unused_only(changed)
        if self._left and not self._skip:
            raise ChangedSince([item.model_dump(mode="json") for item in self._left])
        for key in sorted(changed, key=_order(changed)):
            self._writing.note(key.kind, key.id, *changed[key])
        return Undone(action_id=action_id, undone=len(changed), skipped=self._left)

    def _current(self) -> dict[_Key, BaseModel | None]:
        ids = {kind: {pair.id for pair in self._pairs if pair.kind == kind} for kind in _IMAGES}
        known: Mapping[str, Mapping[UUID, BaseModel]] = {
            EXPENSE: self._book.expenses(ids[EXPENSE]),
            CATEGORY: self._book.categories_by_id(ids[CATEGORY]),
        }
        keys = (_Key(pair.kind, pair.id) for pair in self._pairs if pair.kind in _IMAGES)
        return {key: known[key.kind].get(key.id) for key in keys}

    def _wanted(self, state: dict[_Key, BaseModel | None]) -> dict[_Key, BaseModel | None]:
        for pair in self._pairs:
            key = _Key(pair.kind, pair.id)
            if pair.kind not in _IMAGES:
                self._leave(key, Reason.FIXED)
            elif state[key] != _image(pair.kind, pair.after):
                self._leave(key, Reason.CHANGED)
            else:
                state[key] = _image(pair.kind, pair.before)
        return state

    def _check(self, before: Mapping[_Key, BaseModel | None], after: dict[_Key, BaseModel | None]) -> None:
        """Takes out what would not fit the rest of the book."""
        put = {key: image for key, image in after.items() if isinstance(image, CategoryImage) and before[key] != image}
        named = self._book.categories_named({fold(image.name) for image in put.values()})
        names = {fold(image.name) for id_, image in named.items() if after.get(_Key(CATEGORY, id_), image) == image}
        for key, image in put.items():
            current = before[key]
            own = {fold(current.name)} if isinstance(current, CategoryImage) else set()
            if fold(image.name) in names - own:
                self._leave(key, Reason.NAME_TAKEN)
                del after[key]
            names.add(fold(image.name))
        expenses = {key: image.category for key, image in after.items() if isinstance(image, ExpenseImage)}
        there: Mapping[UUID, BaseModel | None] = self._book.categories_by_id(set(expenses.values()))
        changed = {key.id: image for key, image in after.items() if key.kind == CATEGORY}
        for key, category in expenses.items():
            if changed.get(category, there.get(category)) is None:
                self._leave(key, Reason.CATEGORY_GONE)
                del after[key]

    def _put(self, changed: Mapping[_Key, tuple[BaseModel | None, BaseModel | None]]) -> None:
        restored: list[tuple[UUID, CategoryImage]] = []
        new: list[tuple[UUID, ExpenseImage]] = []
        old: list[tuple[UUID, ExpenseImage]] = []
        for key, (before, image) in changed.items():
            if isinstance(image, CategoryImage):
                if before:
                    self._book.put_category(key.id, image)
                else:
                    restored.append((key.id, image))
            elif isinstance(image, ExpenseImage):
                (old if before else new).append((key.id, image))
        self._book.add_categories(restored)
        self._book.add_expenses(new)
        self._book.put_expenses(old)
        self._book.delete_expenses([key.id for key, (_, image) in changed.items() if key.kind == EXPENSE and not image])

    def _drop_unused_only(self, changed: dict[_Key, tuple[BaseModel | None, BaseModel | None]]) -> None:
        """Deletes the categories that the action made, except those that are in use by now."""
        made = [key for key, (_, image) in changed.items() if key.kind == CATEGORY and image is None]
        used = self._book.categories_in_use([key.id for key in made])
        for key in made:
            if key.id in used:
                self._leave(key, Reason.IN_USE)
                del changed[key]
        self._book.delete_categories([key.id for key in made if key.id not in used])

    def _leave(self, key: _Key, reason: Reason) -> None:
        if all((item.kind, item.id) != key for item in self._left):
            self._left.append(Left(kind=key.kind, id=key.id, reason=reason))


def _image(kind: str, values: dict[str, Any] | None) -> BaseModel | None:
    return None if values is None else _IMAGES[kind].model_validate(values)


def _order(changed: Mapping[_Key, tuple[BaseModel | None, BaseModel | None]]) -> Any:  # noqa: ANN401 - a sort key
    """Categories come before the expenses that need them, and go after those that needed them."""

    def place(key: _Key) -> int:
        return 1 if key.kind == EXPENSE else 0 if changed[key][1] else 2

    return place
