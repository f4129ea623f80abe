"""Rebuilds a ledger's projection from the start of its journal, while the old one goes on serving."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

from chassis.database.chunked_deletes import delete_all
from chassis.database.engine import Database, delete, table_of
from chassis.errors import Conflict, NotFound
from chassis.journal.continuity import START, Checkpoint, continues
from chassis.journal.feed import Feed
from chassis.process import metrics
from chassis.process.clock import CLOCK_DIFFERENCE
from chassis.projections.builds import ProjectionBuild, new_build
from chassis.projections.checkpoints import CLOSED, Checkpoints
from chassis.projections.projection import Projection
from contracts.ids import LedgerId
from contracts.journal import JournalEntry

log = logging.getLogger(__name__)

CLEARING = datetime(1970, 1, 1, tzinfo=UTC)
"""Value of `begun_at` that marks a build whose rows are being deleted."""
ABANDONED_AFTER = timedelta(hours=1)
"""Age of an unfinished build after which its process counts as dead."""


class Rebuild:
    """Fills another build, catches up, and switches under the checkpoint's lock. Several at once only waste work."""

    def __init__(
        self,
        database: Database,
        checkpoints: Checkpoints,
        builds: type[DeclarativeBase],
        feed: Feed,
        projection: Projection,
    ) -> None:
        self._database = database
        self._checkpoints = checkpoints
        self._builds = table_of(builds)
        self._feed = feed
        self._projection = projection

    def run(self, ledger: LedgerId, progress: Callable[[int, int], None] = lambda _done, _head: None) -> int:
        """Rebuilds one ledger; returns the revision at which it was switched. `progress` gets revision and head.

        Raises NotFound, Unavailable, or any error of the projection; then nothing has changed.
        """
        build = new_build(ledger)
        with self._database.write() as session:
            self._record(session, build)
        try:
            at = self._run(build, progress)
        except Exception:
            with suppress(DBAPIError):  # `delete_abandoned` deletes the rest later
                self._discard(build)
            raise
        metrics.rebuilds.inc()
        log.info("ledger rebuilt", extra={"ledger": ledger, "revision": at.revision})
        return at.revision

    def _run(self, build: ProjectionBuild, progress: Callable[[int, int], None]) -> Checkpoint:
        ledger = build.ledger
        at, newer = START, None
        # The next page is fetched, by another process, while this one is written.
        with ThreadPoolExecutor(1) as ahead:
            coming = ahead.submit(self._feed.patient_page, ledger, at.revision)
            while True:
                page = coming.result()
                if not continues(at, page):
                    raise Conflict("The journal was replaced while it was read; begin again.")
                if page.entries:
                    coming = ahead.submit(self._feed.patient_page, ledger, page.entries[-1].revision)
                    at = self._fill(build, page.entries)
                    progress(at.revision, page.head)
                elif (newer := self._switch(build, at, ignored=newer)) is None:
                    return at
                else:
                    coming = ahead.submit(self._feed.patient_page, ledger, at.revision)

    def outdated(self, limit: int) -> list[LedgerId]:
        """Ledgers whose build is of an older version of the projection."""
        with self._database.snapshot() as session:
            return self._checkpoints.outdated(session, limit)

    def delete_abandoned(self, now: datetime) -> None:
        """Deletes builds whose process has died. A process that still fills one begins again."""
        recent = self._builds.c.begun_at.between(now - ABANDONED_AFTER, now + CLOCK_DIFFERENCE)
        with self._database.write() as session:
            # Marked, so that a process that still fills one does not switch to it while its rows are deleted.
            clearing = sa.update(self._builds).where(sa.not_(recent)).values(begun_at=CLEARING)
            marked = session.execute(clearing.returning(self._builds.c.ledger, self._builds.c.generation))
            abandoned = [ProjectionBuild(*row) for row in marked]
        for build in abandoned:
            self._discard(build)

    def _fill(self, build: ProjectionBuild, entries: tuple[JournalEntry, ...]) -> Checkpoint:
        with self._database.write(durable=False) as session:  # the switch is durable, and this with it
            self._projection.project(session, {build: entries})
        return Checkpoint(entries[-1].revision, entries[-1].id)

    def _switch(self, build: ProjectionBuild, at: Checkpoint, ignored: Checkpoint | None) -> Checkpoint | None:
        """Switches to the build; returns None, or the live checkpoint if that is ahead: read on and try again.

        `ignored` was ahead the last time although the journal had no more entries: its journal was replaced.
        Raises Conflict if the build was deleted meanwhile, as abandoned.
        """
        with self._database.write() as session:
            live = self._checkpoints.locked_position(session, build.ledger)
            if live is not None and live.checkpoint == CLOSED:
                raise NotFound
            if live is not None and live.checkpoint.revision > at.revision:
                if live.checkpoint != ignored:
                    return live.checkpoint
                self._projection.reset(session, build.ledger)
            whole = sa.and_(build.rows(self._builds), self._builds.c.begun_at != CLEARING)
            if not delete(session, self._builds, whole):
                raise Conflict("The rebuild was deleted meanwhile, as abandoned; begin again.")
            self._checkpoints.switch(session, build, at)
            self._checkpoints.unpark(session, build.ledger)  # every entry could be applied
            self._projection.advanced(session, {build.ledger: at.revision})
            if live is not None:
                self._record(session, live.build)
        if live is not None:  # outside the lock: it can be much
            self._discard(live.build)
        return None

    def _record(self, session: Session, build: ProjectionBuild) -> None:
        session.execute(sa.insert(self._builds).values(**build._asdict(), begun_at=datetime.now(UTC)))

    def _discard(self, build: ProjectionBuild) -> None:
        delete_all(self._database, partial(self._projection.clear_some, build=build), durable=False)
        with self._database.write(durable=False) as session:
            session.execute(sa.delete(self._builds).where(build.rows(self._builds)))
