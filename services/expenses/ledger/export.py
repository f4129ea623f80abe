"""The whole of a ledger, to take along: the journal, and what the book makes of it at this moment."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import NotFound, TooManyRequests, Unavailable
from chassis.journal.journal import Journal
from contracts.journal import Head
from services.expenses.ledger.spool import Spool
from services.expenses.ledger.zip_archive import harmless, table, tags_cell, zipped
from services.expenses.repository import Book

AT_ONCE = 4
"""Exports that are read from the database at once, by one process; that is done as fast as it can be."""
KEPT_AT_ONCE = 8
"""Exports that are under way to their clients, each a temporary file."""
EACH = 2
"""The same of one account."""

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


class Export:
    """A zip file on its way, from a temporary file that is still being written."""

    def __init__(self, revision: int, spool: Spool, ended: Callable[[], None]) -> None:
        self.revision = revision
        self._spool = spool
        self._ended = ended

    def parts(self) -> Iterator[bytes]:
        """The file, part by part. Waits for the database, never the other way round."""
        return self._spool.parts()

    def close(self) -> None:
        """Gives everything back. To be called once."""
        self._spool.close()
        self._ended()


class Exporting:
    """The use case."""

    def __init__(self, database: Database, journal: Journal, open_ledger: Callable[[UUID], None]) -> None:
        self._database = database
        self._journal = journal
        self._open = open_ledger
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._under_way: Counter[UUID] = Counter()

    def export(self, ledger: UUID, account: UUID) -> Export:
        """Raises NotFound, TooManyRequests where the account has others under way, and Unavailable while many are."""
        with self._database.snapshot() as session:
            known = self._journal.head(session, ledger) is not None
        if not known:
            self._open(ledger)
        self._begin(account)
        try:
            spool, revision = Spool(), Future[int]()
            threading.Thread(target=self._write, args=(ledger, spool, revision), name="export", daemon=True).start()
        except BaseException:  # no temporary file, or no thread: nothing else releases the turn
            self._turns.release()
            self._end(account)
            raise
        export = Export(0, spool, partial(self._end, account))
        try:
            export.revision = revision.result()
        except BaseException:
            export.close()
            raise
        return export

    def _begin(self, account: UUID) -> None:
        with self._lock:
            if self._under_way[account] >= EACH:
                raise TooManyRequests(10)
            if self._under_way.total() >= KEPT_AT_ONCE or not self._turns.acquire(blocking=False):
                raise Unavailable("Other exports are under way. Please try again in a moment.", retry_after=10)
            self._under_way[account] += 1

    def _end(self, account: UUID) -> None:
        with self._lock:
            self._under_way -= Counter({account: 1})

    def _write(self, ledger: UUID, spool: Spool, revision: "Future[int]") -> None:
        """Runs in a thread of its own, and holds the snapshot no longer than the database needs."""
        error: BaseException | None = None
        try:
            with self._database.snapshot() as session:
                head = self._journal.head(session, ledger)
                if head is None:
                    raise NotFound  # noqa: TRY301 - as any other error on the way
                revision.set_result(head.head)
                for part in zipped(self._files(session, head)):
                    spool.write(part)
        except BaseException as found:  # noqa: BLE001 - the reader gets it
            error = found
        finally:
            self._turns.release()
        if error and not revision.done():
            revision.set_exception(error)
        spool.finish(error)

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
