"""Exports a whole ledger as a zip file: its journal, and a table for each kind of entity."""

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
from contracts.ids import LedgerId, UserId
from contracts.journal import Head
from services.expenses.ledger.entities import EntityRegistry
from services.expenses.ledger.repository import LedgerRepository
from services.expenses.ledger.spool import Spool
from services.expenses.ledger.zip_archive import csv_table, zip_stream

MAX_READING = 4
"""Concurrent exports of one process that read from the database."""
MAX_EXPORTS = 8
"""Concurrent exports of one process, each with a temporary file."""
MAX_EXPORTS_PER_ACCOUNT = 2
"""Concurrent exports of one account."""


class About(BaseModel):
    """The content of `ledger.json` in the file."""

    id: UUID
    revision: int
    """The journal's newest entry; the rest of the file is of that moment."""
    currency: str
    time_zone: str
    locale: str
    exported_at: AwareDatetime


class Export:
    """A zip file that is sent from a temporary file while that is being written."""

    def __init__(self, revision: int, spool: Spool, ended: Callable[[], None]) -> None:
        self.revision = revision
        self._spool = spool
        self._ended = ended

    def parts(self) -> Iterator[bytes]:
        """Yields the file part by part. Waits for the database; the database never waits for the client."""
        return self._spool.parts()

    def close(self) -> None:
        """Frees the file and the slot. Called once."""
        self._spool.close()
        self._ended()


class LedgerExporter:
    """Starts exports, within limits."""

    def __init__(
        self, database: Database, journal: Journal, entities: EntityRegistry, open_ledger: Callable[[LedgerId], None]
    ) -> None:
        self._database = database
        self._journal = journal
        self._entities = entities
        self._open = open_ledger
        self._turns = threading.BoundedSemaphore(MAX_READING)
        self._lock = threading.Lock()
        self._running: Counter[UserId] = Counter()

    def export(self, ledger: LedgerId, account: UserId) -> Export:
        """Starts an export. Raises NotFound, TooManyRequests for the account's limit, Unavailable for the process's."""
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

    def _begin(self, account: UserId) -> None:
        with self._lock:
            if self._running[account] >= MAX_EXPORTS_PER_ACCOUNT:
                raise TooManyRequests(10)
            if self._running.total() >= MAX_EXPORTS or not self._turns.acquire(blocking=False):
                raise Unavailable("Other exports are under way. Please try again in a moment.", retry_after=10)
            self._running[account] += 1

    def _end(self, account: UserId) -> None:
        with self._lock:
            self._running -= Counter({account: 1})

    def _write(self, ledger: LedgerId, spool: Spool, revision: "Future[int]") -> None:
        """Runs in a separate thread, and holds the snapshot only as long as the database is read."""
        error: BaseException | None = None
        try:
            with self._database.snapshot() as session:
                head = self._journal.head(session, ledger)
                if head is None:
                    raise NotFound  # noqa: TRY301 - as any other error on the way
                revision.set_result(head.head)
                for part in zip_stream(self._files(session, head)):
                    spool.write(part)
        except BaseException as raised:  # noqa: BLE001 - the reader gets it
            error = raised
        finally:
            self._turns.release()
        if error and not revision.done():
            revision.set_exception(error)
        spool.finish(error)

    def _files(self, session: Session, head: Head) -> Iterator[tuple[str, Iterator[bytes]]]:
        settings = LedgerRepository(session, head.ledger).settings()
        about = About(
            id=head.ledger,
            revision=head.head,
            currency=settings.currency,
            time_zone=settings.time_zone,
            locale=settings.locale,
            exported_at=datetime.now(UTC),
        )
        yield "ledger.json", iter([about.model_dump_json(indent=2).encode()])
        for entity in reversed(self._entities):
            table = entity.export
            yield table.name, csv_table(table.columns, table.rows(session, head.ledger))
        entries = self._journal.every_entry(session, head.ledger)
        yield "journal.jsonl", (f"{entry}\n".encode() for entry in entries)
