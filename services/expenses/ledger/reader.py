"""Reads of a ledger, each with its revision."""

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
from services.expenses.deciding import to_expense
from services.expenses.ledger.limits import MAX_PAGE_BYTES
from services.expenses.queries import CategoryCursor, CategoryQuery, Cursor, JournalQuery, ListQuery
from services.expenses.repository import LedgerRepository, same_names, stored_ledgers
from services.expenses.schemas import Category, CategoryPage, Expense, ExpensePage, Ledger

HEADS_AT_ONCE = 5_000
ENTRIES_AT_ONCE = 5_000
MAX_SAME_NAMES = 100
MAX_STORED = 5

T = TypeVar("T")


class JournalPage(BaseModel):
    """Entries of a ledger, oldest first, up to `limit` of them and 1 MB; `head` is the journal's newest revision."""

    items: list[JournalEntry]
    head: int


class ReadResult(NamedTuple):
    """A response body and its revision."""

    body: BaseModel
    revision: int


class EncodedResult(NamedTuple):
    """A response body as JSON, and its revision."""

    body: str
    revision: int


class LedgerReader:
    """Reads a ledger. Each result is from one snapshot."""

    def __init__(self, database: Database, journal: Journal, open_ledger: Callable[[UUID], None]) -> None:
        self._database = database
        self._journal = journal
        self._open = open_ledger

    def expense(self, ledger: UUID, id_: UUID, minimum: int) -> ReadResult:
        """Returns one expense. Raises NotFound, UnknownRevision."""

        def read(session: Session) -> Expense:
            book = LedgerRepository(session, ledger)
            image = book.expenses([id_]).get(id_)
            if image is None:
                raise NotFound
            return to_expense(id_, image, book.categories_by_id([image.category])[image.category])

        return self._read_at(ledger, minimum, read)

    def expenses(self, ledger: UUID, query: ListQuery, minimum: int) -> ReadResult:
        """Returns a page of expenses, newest first. Raises UnknownRevision."""

        def read(session: Session) -> ExpensePage:
            book = LedgerRepository(session, ledger)
            page, more = book.find_expenses(query, MAX_PAGE_BYTES)
            categories = book.categories_by_id({image.category for _, image in page})
            cursor = Cursor(spent_on=page[-1][1].spent_on, id=page[-1][0]).encode() if more else None
            items = [to_expense(id_, image, categories[image.category]) for id_, image in page]
            return ExpensePage(items=items, next_cursor=cursor)

        return self._read_at(ledger, minimum, read)

    def categories(self, ledger: UUID, query: CategoryQuery, minimum: int) -> ReadResult:
        """Returns a page of categories, by name. Raises UnknownRevision."""

        def read(session: Session) -> CategoryPage:
            after = query.cursor.name_key if query.cursor else ""
            images, last = LedgerRepository(session, ledger).category_page(after, query.limit)
            items = [Category.of(id_, image) for id_, image in images.items()]
            cursor = CategoryCursor(name_key=last).encode() if last else None
            return CategoryPage(items=items, next_cursor=cursor)

        return self._read_at(ledger, minimum, read)

    def ledger(self, ledger: UUID, minimum: int) -> ReadResult:
        """Returns the ledger's settings. Raises UnknownRevision."""

        def read(session: Session) -> Ledger:
            return Ledger.model_validate(LedgerRepository(session, ledger).settings(), from_attributes=True)

        return self._read_at(ledger, minimum, read)

    def journal(self, ledger: UUID, query: JournalQuery) -> EncodedResult:
        """Returns the JSON of a JournalPage."""

        def read(session: Session, head: Head) -> EncodedResult:
            bounds = {"limit": query.limit, "most_bytes": MAX_PAGE_BYTES}
            entries = self._journal.encoded(session, ledger, query.after, **bounds)
            return EncodedResult(f'{{"items":{entries},"head":{head.head}}}', head.head)

        return self._read(ledger, read)

    def feed(self, ledger: UUID, after: int, limit: int = ENTRIES_AT_ONCE) -> EncodedResult:
        """Returns the JSON of a FeedPage, from which other services catch up. Opens a new ledger. Raises NotFound."""

        def read(session: Session, head: Head) -> EncodedResult:
            page = FeedPage(ledger=ledger, head=head.head, tail=head.tail, entries=())
            bounds = {"limit": limit, "most_bytes": MAX_FEED_PAGE_BYTES}
            entries = self._journal.encoded(session, ledger, after, **bounds)
            return EncodedResult(f'{page.model_dump_json(exclude={"entries"})[:-1]},"entries":{entries}}}', head.head)

        return self._read(ledger, read)

    def sums(self, ledger: UUID) -> BookSums:
        """Returns sums of all expenses, for the audit of totals. Raises NotFound."""

        def read(session: Session, head: Head) -> BookSums:
            sums = tuple(LedgerRepository(session, ledger).sums())
            return BookSums(ledger=ledger, revision=head.head, entry_id=head.tail, sums=sums)

        return self._read(ledger, read)

    def backlog(self) -> Backlog:
        """Returns the number of unpublished entries, and the time of the oldest."""
        with self._database.snapshot() as session:
            return self._journal.backlog(session)

    def stored(self) -> StoredLedgers:
        """Returns the size of all journals."""
        with self._database.snapshot() as session:
            return stored_ledgers(session, MAX_STORED)

    def same_names(self) -> SameNames:
        """Returns up to MAX_SAME_NAMES categories with equal names in one ledger."""
        with self._database.snapshot() as session:
            return SameNames(items=tuple(same_names(session, MAX_SAME_NAMES)))

    def heads(self, after: UUID | None) -> HeadsPage:
        """Returns a page of journal heads, in the order of ledger ids."""
        with self._database.snapshot() as session:
            items = self._journal.heads(session, after, HEADS_AT_ONCE)
        return HeadsPage(items=tuple(items), next_after=items[-1].ledger if len(items) == HEADS_AT_ONCE else None)

    def _read_at(self, ledger: UUID, minimum: int, read: Callable[[Session], BaseModel]) -> ReadResult:
        def at_revision(session: Session, head: Head) -> ReadResult:
            if minimum > head.head:
                msg = f"This ledger is at revision {head.head}."
                raise UnknownRevision(msg)
            return ReadResult(read(session), head.head)

        return self._read(ledger, at_revision)

    def _read(self, ledger: UUID, read: Callable[[Session, Head], T]) -> T:
        """Reads in a snapshot. Opens a new ledger first."""
        for _ in range(2):
            with self._database.snapshot() as session:
                if (head := self._journal.head(session, ledger)) is not None:
                    return read(session, head)
            self._open(ledger)
        raise NotFound
