"""The categories that a request is about, and no others: a ledger may have thousands."""

import re
from collections.abc import Iterable
from uuid import UUID

from contracts.book import CategoryImage
from contracts.text import fold
from services.expenses.repository import Book

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def category_id(text: str) -> UUID | None:
    """The id that a client named a category by; None where it sent a name."""
    return UUID(text) if _ID.fullmatch(text) else None


class KnownCategories:
    """Categories by id and by name, each looked up in the book once."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._images: dict[UUID, CategoryImage | None] = {}
        self._ids: dict[str, list[UUID]] = {}

    def load(self, texts: Iterable[str] = (), ids: Iterable[UUID] = ()) -> None:
        """Looks many up in two queries. `texts` are what clients sent: names or ids."""
        sent = set(texts)
        wanted = {*ids, *(id_ for text in sent if (id_ := category_id(text)))} - self._images.keys()
        keys = {fold(text) for text in sent if category_id(text) is None} - self._ids.keys()
        self._images |= dict.fromkeys(wanted)
        self._ids |= {key: [] for key in keys}
        self._images |= self._book.categories_by_id(wanted)
        for id_, image in self._book.categories_named(keys).items():
            self.add(id_, image)

    def by_id(self, id_: UUID) -> CategoryImage | None:
        """The category, if there is one."""
        self.load(ids=[id_])
        return self._images[id_]

    def by_name(self, name: str) -> UUID | None:
        """The id of the category with that name, if there is one; of several, the one that is spelled so."""
        self.load(texts=[name])
        named = self._ids[fold(name)]
        exact = (id_ for id_ in named if (image := self._images[id_]) and image.name == name)
        return next(exact, named[0] if named else None)

    def add(self, id_: UUID, image: CategoryImage) -> None:
        """Adds a category under its name: one that is new, or that was looked up."""
        self._images[id_] = image
        self._ids.setdefault(fold(image.name), []).append(id_)
