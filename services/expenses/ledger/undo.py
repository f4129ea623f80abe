"""Undoes an action: swaps its pairs of before and after, unless they have changed since."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel

from chassis.errors import NotFound
from contracts.book import Image
from contracts.ids import ActionId
from contracts.journal import Change
from services.expenses.errors import ChangedSince
from services.expenses.ledger.entities import Entity, EntityRegistry
from services.expenses.ledger.unit_of_work import UnitOfWork


class SkipReason(StrEnum):
    """Why an entity cannot be restored."""

    CHANGED = "changed"
    """It was changed or removed since."""
    IN_USE = "in_use"
    """The action created it, and other entities use it now."""
    CATEGORY_DELETED = "category_gone"
    """Its category was deleted since. A kind that others refer to needs such a reason, `<kind>_gone`."""
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

    action_id: ActionId
    undone: int
    skipped: list[SkippedItem]


class _EntityKey(NamedTuple):
    kind: str
    id: UUID


_State = dict[_EntityKey, Image | None]
"""Images by entity; None where it does not exist."""


class Undo:
    """Undoes one action within a unit of work. With `skip`, entities that changed since are skipped."""

    def __init__(self, uow: UnitOfWork, entities: EntityRegistry, *, skip: bool) -> None:
        self._uow = uow
        self._entities = entities
        self._skip = skip
        self._skipped: list[SkippedItem] = []

    def run(self, action_id: ActionId) -> UndoResult:
        """Runs the undo. Raises NotFound, and ChangedSince with the list of conflicts."""
        changes = [change for entry in reversed(self._uow.entries_of(action_id)) for change in reversed(entry.pairs)]
        if not changes:
            raise NotFound
        before = self._current(changes)
        after = self._restored(changes, dict(before))
        for entity in self._entities:
            self._skip_taken_names(entity, before, after)
        for entity in self._entities:
            self._skip_dangling_references(entity, after)
        undone = self._save(before, after)
        if self._skipped and not self._skip:
            raise ChangedSince([item.model_dump(mode="json") for item in self._skipped])
        return UndoResult(action_id=action_id, undone=undone, skipped=self._skipped)

    def _current(self, changes: list[Change]) -> _State:
        known: dict[str, Mapping[UUID, Image]] = {}
        for entity in self._entities:
            ids = {change.id for change in changes if change.kind == entity.kind}
            known[entity.kind] = self._uow.repository(entity.repository).by_id(ids)
        keys = (_EntityKey(change.kind, change.id) for change in changes if change.kind in self._entities)
        return {key: known[key.kind].get(key.id) for key in keys}

    def _restored(self, changes: list[Change], state: _State) -> _State:
        for change in changes:
            key = _EntityKey(change.kind, change.id)
            if change.kind not in self._entities:
                self._skip_item(key, SkipReason.FIXED)
                continue
            image = self._entities[change.kind].repository.image
            if state[key] != (image.model_validate(change.after) if change.after is not None else None):
                self._skip_item(key, SkipReason.CHANGED)
            else:
                state[key] = image.model_validate(change.before) if change.before is not None else None
        return state

    def _skip_taken_names(self, entity: Entity, before: _State, after: _State) -> None:
        old = {key.id: image for key, image in before.items() if key.kind == entity.kind}
        new = {key.id: image for key, image in after.items() if key.kind == entity.kind}
        for id_ in self._uow.repository(entity.repository).name_conflicts(old, new):
            key = _EntityKey(entity.kind, id_)
            self._skip_item(key, SkipReason.NAME_TAKEN)
            del after[key]

    def _skip_dangling_references(self, entity: Entity, after: _State) -> None:
        for name, kind in entity.references.items():
            images = {key: image for key, image in after.items() if key.kind == entity.kind and image}
            references = {key: id_ for key, image in images.items() if (id_ := getattr(image, name)) is not None}
            existing = self._uow.repository(self._entities[kind].repository).by_id(set(references.values()))
            for key, id_ in references.items():
                if after.get(_EntityKey(kind, id_), existing.get(id_)) is None:
                    self._skip_item(key, SkipReason(f"{kind}_gone"))
                    del after[key]

    def _save(self, before: _State, after: _State) -> int:
        """Saves entities after those they refer to, and deletes them before those. Returns their number."""
        changed = {key: image for key, image in after.items() if image != before[key]}
        for entity in self._entities:
            for key, image in changed.items():
                if key.kind == entity.kind and image:
                    self._uow.save(*key, before[key], image)
        in_use: set[_EntityKey] = set()
        for entity in reversed(self._entities):
            deleted = [key for key, image in changed.items() if key.kind == entity.kind and image is None]
            used = self._in_use(entity.kind, deleted) if deleted else set()
            for key in deleted:
                if key.id in used:
                    self._skip_item(key, SkipReason.IN_USE)
                    in_use.add(key)
                else:
                    self._uow.save(*key, before[key], None)
        return len(changed) - len(in_use)

    def _in_use(self, kind: str, deleted: list[_EntityKey]) -> set[UUID]:
        """Returns which of them other entities will refer to after this undo."""
        self._uow.flush()
        ids = [key.id for key in deleted]
        return {
            id_
            for entity, name in self._entities.referrers(kind)
            for id_ in self._uow.repository(entity.repository).referenced(name, ids)
        }

    def _skip_item(self, key: _EntityKey, reason: SkipReason) -> None:
        if all((item.kind, item.id) != key for item in self._skipped):
            self._skipped.append(SkippedItem(kind=key.kind, id=key.id, reason=reason))
