"""The categories that one request refers to by id or name; a ledger may have thousands."""

import re
from collections.abc import Iterable
from uuid import UUID

from chassis.errors import Invalid
from chassis.journal.journal import new_entry_id
from contracts.book import CATEGORY, CategoryImage
from contracts.ids import CategoryId
from contracts.text import fold
from services.expenses.categories.repository import CategoryRepository
from services.expenses.errors import LimitReached
from services.expenses.ledger.unit_of_work import UnitOfWork

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class CategoryResolver:
    """Finds categories, each queried once, and creates those with unknown names."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._repository = uow.repository(CategoryRepository)
        self._images: dict[CategoryId, CategoryImage | None] = {}
        self._ids: dict[str, list[CategoryId]] = {}
        self._free: int | None = None
        """How many categories the ledger may still get; None before the first new one."""

    def load(self, texts: Iterable[str] = (), ids: Iterable[CategoryId] = ()) -> None:
        """Loads many categories in two queries. `texts` are names or ids from clients."""
        requested = set(texts)
        new_ids = {*ids, *(id_ for text in requested if (id_ := _category_id(text)))} - self._images.keys()
        keys = {fold(text) for text in requested if _category_id(text) is None} - self._ids.keys()
        self._images |= dict.fromkeys(new_ids)
        self._ids |= {key: [] for key in keys}
        self._images |= self._repository.by_id(new_ids)
        for id_, image in self._repository.named(keys).items():
            self._add(id_, image)

    def resolve(self, text: str, at: str) -> CategoryId:
        """Returns the id for a category's id or name; an unknown name creates a category, in the same entry.

        `at` is the request's JSON pointer. Raises Invalid, LimitReached.
        """
        if id_ := _category_id(text):
            if self._by_id(id_) is None:
                raise Invalid.field(f"{at}/category", "there is no category with that id")
            return id_
        return self._by_name(text) or self._create(text, at)

    def image(self, id_: CategoryId) -> CategoryImage:
        """Returns the image of a category that an expense has. Raises LookupError if it does not exist."""
        image = self._by_id(id_)
        if image is None:
            msg = f"there is no category {id_}"
            raise LookupError(msg)
        return image

    def _by_id(self, id_: CategoryId) -> CategoryImage | None:
        self.load(ids=[id_])
        return self._images[id_]

    def _by_name(self, name: str) -> CategoryId | None:
        """Prefers the exact spelling."""
        self.load(texts=[name])
        ids = self._ids[fold(name)]
        exact = (id_ for id_ in ids if (image := self._images[id_]) and image.name == name)
        return next(exact, ids[0] if ids else None)

    def _create(self, name: str, at: str) -> CategoryId:
        most = self._uow.limits.max_categories
        if self._free is None:
            self._free = most - self._repository.count()
        if self._free <= 0:
            detail = f"this ledger has {most:,} categories, and there can be no more; please use one of them"
            raise LimitReached(f"{at}/category", detail)
        self._free -= 1
        id_, image = CategoryId(new_entry_id()), CategoryImage(name=name)
        self._uow.save(CATEGORY, id_, None, image)
        self._add(id_, image)
        return id_

    def _add(self, id_: CategoryId, image: CategoryImage) -> None:
        self._images[id_] = image
        self._ids.setdefault(fold(image.name), []).append(id_)


def _category_id(text: str) -> CategoryId | None:
    """Returns the category id in a client's text; None if the text is a name."""
    return CategoryId(UUID(text)) if _ID.fullmatch(text) else None
