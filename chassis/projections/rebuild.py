"""Rebuilds what was derived of a ledger, from the start of its journal, while the old figures go on serving."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

from chassis.database.chunked_deletes import delete_all
from chassis.database.engine import Database, delete, table_of
from chassis.errors import Conflict, NotFound
from chassis.journal.feed import Feed
from chassis.process import metrics
from chassis.process.clock import CLOCK_DIFFERENCE
from chassis.projections.checkpoints import CLOSED, START, Checkpoint, Checkpoints
from chassis.projections.projection import Projection
from contracts.journal import JournalEntry

log = logging.getLogger(__name__)

CLEARING = datetime(1970, 1, 1, tzinfo=UTC)
"""Value of `begun_at` that marks a shelf which is being cleared."""
ABANDONED_AFTER = timedelta(hours=1)
"""Age of a shelf that was not swapped in, after which its process is taken for dead."""


class Rebuild:
    """Fills another shelf, catches up, and swaps under the checkpoint's lock. Several at once only waste work."""

    def __init__(
        self,
        database: Database,
        checkpoints: Checkpoints,
        shelves: type[DeclarativeBase],
        feed: Feed,
        projection: Projection,
    ) -> None:
        self._database = database
        self._checkpoints = checkpoints
        self._shelves = table_of(shelves)
        self._feed = feed
        self._projection = projection

    def run(self, ledger: UUID, progress: Callable[[int, int], None] = lambda _done, _head: None) -> int:
        """Rebuilds one ledger; the revision at which it was swapped. `progress` gets what is done and the head.

        Raises NotFound, Unavailable, or whatever the projection raises: then nothing has changed.
        """
        shelf = uuid4()
        with self._database.write() as session:
            self._note(session, shelf, ledger)
        try:
            at = self._run(ledger, shelf, progress)
        except Exception:
            with suppress(DBAPIError):  # what stays is tidied away later
                self._discard(shelf)
            raise
        metrics.rebuilds.inc()
        log.info("ledger rebuilt", extra={"ledger": ledger, "revision": at.revision})
        return at.revision

    def _run(self, ledger: UUID, shelf: UUID, progress: Callable[[int, int], None]) -> Checkpoint:
        at, in_the_way = START, None
        # The next page is fetched, by another process, while this one is written.
        with ThreadPoolExecutor(1) as ahead:
            coming = ahead.submit(self._feed.patient_page, ledger, at.revision)
            while True:
                page = coming.result()
                if (page.entries[0].previous if page.entries else page.tail) != at.entry_id:
                    raise Conflict("The journal was put back while it was read; begin again.")
                if page.entries:
                    coming = ahead.submit(self._feed.patient_page, ledger, page.entries[-1].revision)
                    at = self._fill(shelf, page.entries)
                    progress(at.revision, page.head)
                elif (in_the_way := self._swap(ledger, shelf, at, over=in_the_way)) is None:
                    return at
                else:
                    coming = ahead.submit(self._feed.patient_page, ledger, at.revision)

    def outdated(self, limit: int) -> list[UUID]:
        """Ledgers whose figures an older version of the projection has made."""
        with self._database.snapshot() as session:
            return self._checkpoints.outdated(session, limit)

    def tidy(self, now: datetime) -> None:
        """Clears shelves that died with the process that filled them. One that is still filled begins again."""
        recent = self._shelves.c.begun_at.between(now - ABANDONED_AFTER, now + CLOCK_DIFFERENCE)
        with self._database.write() as session:
            # Marked, so that a process which still fills one does not swap it in while it is being cleared.
            clearing = sa.update(self._shelves).where(sa.not_(recent)).values(begun_at=CLEARING)
            shelves = list(session.scalars(clearing.returning(self._shelves.c.shelf)))
        for shelf in shelves:
            self._discard(shelf)

    def _fill(self, shelf: UUID, entries: tuple[JournalEntry, ...]) -> Checkpoint:
        with self._database.write(lasting=False) as session:  # the swap takes it along
            self._projection.project(session, {shelf: entries})
        return Checkpoint(entries[-1].revision, entries[-1].id)

    def _swap(self, ledger: UUID, shelf: UUID, at: Checkpoint, over: Checkpoint | None) -> Checkpoint | None:
        """None when it is done; the live checkpoint where that is ahead by now: read on and try again.

        `over` was ahead the last time, and yet the journal had nothing more: it is of a journal that was put back.
        Raises Conflict where the shelf was cleared meanwhile, as abandoned: its figures are not whole.
        """
        with self._database.write() as session:
            live = self._checkpoints.locked(session, ledger)
            if live is not None and live.at == CLOSED:
                raise NotFound
            if live is not None and live.at.revision > at.revision:
                if live.at != over:
                    return live.at
                self._projection.forget(session, ledger)
            whole = sa.and_(self._shelves.c.shelf == shelf, self._shelves.c.begun_at != CLEARING)
            if not delete(session, self._shelves, whole):
                raise Conflict("What was rebuilt was cleared away meanwhile; begin again.")
            self._checkpoints.swap(session, ledger, at, shelf)
            self._checkpoints.unpark(session, ledger)  # every entry could be taken in
            self._projection.moved(session, {ledger: at.revision})
            if live is not None:
                self._note(session, live.shelf, ledger)
        if live is not None:  # outside the lock: it can be much
            self._discard(live.shelf)
        return None

    def _note(self, session: Session, shelf: UUID, ledger: UUID) -> None:
        session.execute(sa.insert(self._shelves).values(shelf=shelf, ledger=ledger, begun_at=datetime.now(UTC)))

    def _discard(self, shelf: UUID) -> None:
        delete_all(self._database, partial(self._projection.clear_some, shelf=shelf), lasting=False)
        with self._database.write(lasting=False) as session:
            session.execute(sa.delete(self._shelves).where(self._shelves.c.shelf == shelf))
