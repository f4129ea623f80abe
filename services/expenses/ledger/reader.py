"""What can be read from the book, each answer with the revision that it shows."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import NotFound, UnknownRevision
from chassis.journal.journal import MAX_FEED_PAGE_BYTES, Journal
from contracts.book import BookSums, SameNames, StoredLedgers
from contracts.journal import Backlog, FeedPage, Head, HeadsPage, JournalEntry
from services.expenses.deciding import shown
from services.expenses.ledger.limits import MOST_PAGE_BYTES
from services.expenses.queries import CategoryCursor, CategoryQuery, Cursor, JournalQuery, ListQuery
from services.expenses.repository import Book, same_names, stored_ledgers
from services.expenses.schemas import Category, CategoryPage, Expense, ExpensePage, Ledger

HEADS_AT_ONCE = 5_000
ENTRIES_AT_ONCE = 5_000
MOST_SAME_NAMES = 100
MOST_STORED = 5

T = TypeVar("T")


class JournalPage(BaseModel):
    """Entries of a ledger, oldest first, up to `limit` of them and 1 MB; `head` is where the journal ends now."""

    items: list[JournalEntry]
    head: int


class Seen(NamedTuple):
    """An answer and the revision that it shows."""

    body: BaseModel
    revision: int


class Encoded(NamedTuple):
    """An answer that is JSON already, and the revision that it shows."""

    body: str
    revision: int


class BookReader:
    """The use cases that read. All of one answer is read in one snapshot."""

    def __init__(self, database: Database, journal: Journal, open_ledger: Callable[[UUID], None]) -> None:
        self._database = database
        self._journal = journal
        self._open = open_ledger

    def expense(self, ledger: UUID, id_: UUID, minimum: int) -> Seen:
        """One expense. Raises NotFound, UnknownRevision."""

        def read(session: Session) -> Expense:
            book = Book(session, ledger)
            image = book.expenses([id_]).get(id_)
            if image is None:
                raise NotFound
            return shown(id_, image, book.categories_by_id([image.category])[image.category])

        return self._seen(ledger, minimum, read)

    def expenses(self, ledger: UUID, query: ListQuery, minimum: int) -> Seen:
        """A page of the list, newest first. Raises UnknownRevision."""

        def read(session: Session) -> ExpensePage:
            book = Book(session, ledger)
            page, more = book.find_expenses(query, MOST_PAGE_BYTES)
            categories = book.categories_by_id({image.category for _, image in page})
            cursor = Cursor(spent_on=page[-1][1].spent_on, id=page[-1][0]).encode() if more else None
            items = [shown(id_, image, categories[image.category]) for id_, image in page]
            return ExpensePage(items=items, next_cursor=cursor)

        return self._seen(ledger, minimum, read)

    def categories(self, ledger: UUID, query: CategoryQuery, minimum: int) -> Seen:
        """A page of the categories, by name. Raises UnknownRevision."""

        def read(session: Session) -> CategoryPage:
            after = query.cursor.name_key if query.cursor else ""
            images, last = Book(session, ledger).category_page(after, query.limit)
            items = [Category.of(id_, image) for id_, image in images.items()]
            cursor = CategoryCursor(name_key=last).encode() if last else None
            return CategoryPage(items=items, next_cursor=cursor)

        return self._seen(ledger, minimum, read)

    def ledger(self, ledger: UUID, minimum: int) -> Seen:
        """The ledger's settings. Raises UnknownRevision."""

        def read(session: Session) -> Ledger:
            return Ledger.model_validate(Book(session, ledger).settings(), from_attributes=True)

        return self._seen(ledger, minimum, read)

    def journal(self, ledger: UUID, query: JournalQuery) -> Encoded:
        """The JSON of a JournalPage: the journal as activity and as the public feed."""

        def read(session: Session, head: Head) -> Encoded:
            bounds = {"limit": query.limit, "most_bytes": MOST_PAGE_BYTES}
            entries = self._journal.encoded(session, ledger, query.after, **bounds)
            return Encoded(f'{{"items":{entries},"head":{head.head}}}', head.head)

        return self._opened(ledger, read)

    def feed(self, ledger: UUID, after: int, limit: int = ENTRIES_AT_ONCE) -> Encoded:
        """The JSON of a FeedPage, from which readers catch up. Opens a ledger that is new. Raises NotFound."""

        def read(session: Session, head: Head) -> Encoded:
            page = FeedPage(ledger=ledger, head=head.head, tail=head.tail, entries=())
            bounds = {"limit": limit, "most_bytes": MAX_FEED_PAGE_BYTES}
            entries = self._journal.encoded(session, ledger, after, **bounds)
            return Encoded(f'{page.model_dump_json(exclude={"entries"})[:-1]},"entries":{entries}}}', head.head)

        return self._opened(ledger, read)

    def sums(self, ledger: UUID) -> BookSums:
        """The book added up, for whoever holds totals against it. Raises NotFound."""

        def read(session: Session, head: Head) -> BookSums:
            sums = tuple(Book(session, ledger).sums())
            return BookSums(ledger=ledger, revision=head.head, entry_id=head.tail, sums=sums)

        return self._opened(ledger, read)

    def backlog(self) -> Backlog:
        """What the relay has yet to announce."""
        with self._database.snapshot() as session:
            return self._journal.backlog(session)

    def stored(self) -> StoredLedgers:
        """How much the journals hold."""
        with self._database.snapshot() as session:
            return stored_ledgers(session, MOST_STORED)

    def same_names(self) -> SameNames:
        """Categories that one ledger has twice, at most MOST_SAME_NAMES."""
        with self._database.snapshot() as session:
            return SameNames(items=tuple(same_names(session, MOST_SAME_NAMES)))

    def heads(self, after: UUID | None) -> HeadsPage:
        """Where all journals end, in the order of ledger ids."""
        with self._database.snapshot() as session:
            items = self._journal.heads(session, after, HEADS_AT_ONCE)
        return HeadsPage(items=tuple(items), next_after=items[-1].ledger if len(items) == HEADS_AT_ONCE else None)

    def _seen(self, ledger: UUID, minimum: int, read: Callable[[Session], BaseModel]) -> Seen:
        def at_revision(session: Session, head: Head) -> Seen:
            if minimum > head.head:
                msg = f"This ledger is at revision {head.head}."
                raise UnknownRevision(msg)
            return Seen(read(session), head.head)

        return self._opened(ledger, at_revision)

    def _opened(self, ledger: UUID, read: Callable[[Session, Head], T]) -> T:
        """Reads in a snapshot; a ledger that nobody has touched yet is opened first."""
        for _ in range(2):
            with self._database.snapshot() as session:
                if (head := self._journal.head(session, ledger)) is not None:
                    return read(session, head)
            self._open(ledger)
        raise NotFound
