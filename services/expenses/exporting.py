"""The whole of a ledger, to take along: the journal, and what the book makes of it at this moment."""

import threading
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from sqlalchemy.orm import Session

from chassis.database import Database
from chassis.errors import NotFound, Unavailable
from chassis.journal import Journal
from contracts.journal import Head
from services.expenses.archive import harmless, table, tags_cell, zipped
from services.expenses.store import Book

AT_ONCE = 4
"""Exports under way in one process: each holds a connection for as long as its client takes."""

_EXPENSES = ("id", "spent_on", "amount", "currency", "category", "merchant", "note", "tags", "category_id")
_CATEGORIES = ("id", "name", "parent_id", "colour", "icon")


class About(BaseModel):
    """What `ledger.json` in the file says."""

    id: UUID
    revision: int
    """The journal's newest entry; everything else in the file is as it was then."""
    currency: str
    time_zone: str
    locale: str
    exported_at: AwareDatetime


class Export(NamedTuple):
    """A zip file on its way; close `content` when it is not wanted any more."""

    revision: int
    content: Generator[bytes, None, None]


class Exporting:
    """The use case."""

    def __init__(self, database: Database, journal: Journal, open_ledger: Callable[[UUID], None]) -> None:
        self._database = database
        self._journal = journal
        self._open = open_ledger
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def export(self, ledger: UUID) -> Export:
        """Raises NotFound, and Unavailable while many are under way."""
        with self._database.snapshot() as session:
            known = self._journal.head(session, ledger) is not None
        if not known:
            self._open(ledger)
        steps = self._steps(ledger)
        # The first step finds out whether there is anything to send; from then on closing it gives everything back.
        return Export(int(next(steps)), steps)

    def _steps(self, ledger: UUID) -> Generator[bytes, None, None]:
        if not self._turns.acquire(blocking=False):
            raise Unavailable("Other exports are under way. Please try again in a moment.", retry_after=10)
        try:
            with self._database.snapshot() as session:
                head = self._journal.head(session, ledger)
                if head is None:
                    raise NotFound
                yield str(head.head).encode()
                yield from zipped(self._files(session, head))
        finally:
            self._turns.release()

    def _files(self, session: Session, head: Head) -> Iterator[tuple[str, Iterator[bytes]]]:
        book = Book(session, head.ledger)
        settings = book.settings()
        about = About(
            id=head.ledger,
            revision=head.head,
            currency=settings.currency,
            time_zone=settings.time_zone,
            locale=settings.locale,
            exported_at=datetime.now(UTC),
        )
        yield "ledger.json", iter([about.model_dump_json(indent=2).encode()])
        yield "expenses.csv", table(_EXPENSES, _expenses(book))
        yield "categories.csv", table(_CATEGORIES, _categories(book))
        entries = self._journal.every_entry(session, head.ledger)
        yield "journal.jsonl", (f"{entry}\n".encode() for entry in entries)


def _expenses(book: Book) -> Iterator[tuple[object, ...]]:
    names = {id_: harmless(image.name) for id_, image in book.categories().items()}
    for row in book.every_expense():
        typed = (harmless(row.merchant), harmless(row.note), tags_cell(row.tags))
        yield row.id, row.spent_on, row.amount, row.currency, names[row.category], *typed, row.category


def _categories(book: Book) -> Iterator[tuple[object, ...]]:
    for id_, image in book.categories().items():
        yield id_, harmless(image.name), image.parent or "", harmless(image.colour), harmless(image.icon)
