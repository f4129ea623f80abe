"""The categories that one request refers to; a ledger may have thousands."""

import re
from collections.abc import Iterable
from uuid import UUID

from contracts.book import CategoryImage
from contracts.text import fold
from services.expenses.repository import LedgerRepository

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def category_id(text: str) -> UUID | None:
    """Returns the category id in a client's text; None if the text is a name."""
    return UUID(text) if _ID.fullmatch(text) else None


class CategoryLookup:
    """Categories by id and by name, each queried once."""

    def __init__(self, book: LedgerRepository) -> None:
        self._book = book
        self._images: dict[UUID, CategoryImage | None] = {}
        self._ids: dict[str, list[UUID]] = {}

    def load(self, texts: Iterable[str] = (), ids: Iterable[UUID] = ()) -> None:
        """Loads many categories in two queries. `texts` are names or ids from clients."""
        sent = set(texts)
        wanted = {*ids, *(id_ for text in sent if (id_ := category_id(text)))} - self._images.keys()
        keys = {fold(text) for text in sent if category_id(text) is None} - self._ids.keys()
        self._images |= dict.fromkeys(wanted)
        self._ids |= {key: [] for key in keys}
        self._images |= self._book.categories_by_id(wanted)
        for id_, image in self._book.categories_named(keys).items():
            self.add(id_, image)

    def by_id(self, id_: UUID) -> CategoryImage | None:
        """Returns the category; None if there is none."""
        self.load(ids=[id_])
        return self._images[id_]

    def by_name(self, name: str) -> UUID | None:
        """Returns the id of the category with that name, preferring the exact spelling; None if there is none."""
        self.load(texts=[name])
        named = self._ids[fold(name)]
        exact = (id_ for id_ in named if (image := self._images[id_]) and image.name == name)
        return next(exact, named[0] if named else None)

    def add(self, id_: UUID, image: CategoryImage) -> None:
        """Adds a new or loaded category."""
        self._images[id_] = image
        self._ids.setdefault(fold(image.name), []).append(id_)
