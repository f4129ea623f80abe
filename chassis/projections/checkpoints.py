"""How far a reader has applied a journal, and the one statement that moves its checkpoint."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Session

from chassis.database.engine import insert_for, table_of
from chassis.journal.continuity import START, Checkpoint
from chassis.projections.builds import ProjectionBuild, new_build
from contracts.ids import LedgerId
from contracts.journal import JournalEntry


class ProjectionPosition(NamedTuple):
    """A checkpoint, and the projection build whose rows were derived up to it."""

    checkpoint: Checkpoint
    build: ProjectionBuild


CLOSED = Checkpoint(2**62, UUID(int=0))
"""The checkpoint of an erased ledger: any later entry of it counts as a duplicate."""


class CheckpointMoved(Exception):  # noqa: N818 - not an error: another thread or process was faster
    """The checkpoint is not where the entries begin. Read it again."""


class Checkpoints:
    """The checkpoints and the parked ledgers in a service's two tables."""

    def __init__(self, checkpoints: type[DeclarativeBase], parked: type[DeclarativeBase], version: int) -> None:
        """`version` is the projection's: builds of a lower version are rebuilt."""
        self._table = table_of(checkpoints)
        self._parked = table_of(parked)
        self._version = version

    def of(self, session: Session, ledgers: Iterable[LedgerId]) -> dict[LedgerId, Checkpoint]:
        """Returns the checkpoint of each ledger; START for an unknown one."""
        requested = list(ledgers)
        table = self._table
        rows = session.execute(
            sa.select(table.c.ledger, table.c.revision, table.c.entry_id).where(table.c.ledger.in_(requested))
        )
        return dict.fromkeys(requested, START) | {row.ledger: Checkpoint(row.revision, row.entry_id) for row in rows}

    def position(self, session: Session, ledger: LedgerId) -> ProjectionPosition | None:
        """Returns a ledger's position; None before its first entry was applied."""
        table = self._table
        row = session.execute(sa.select(table).where(table.c.ledger == ledger)).one_or_none()
        if row is None:
            return None
        return ProjectionPosition(Checkpoint(row.revision, row.entry_id), ProjectionBuild(ledger, row.generation))

    def locked_position(self, session: Session, ledger: LedgerId) -> ProjectionPosition | None:
        """Like `position`, with the row locked until the transaction ends."""
        table = self._table
        # An update that changes nothing locks the row on both databases.
        same = sa.update(table).where(table.c.ledger == ledger).values(version=table.c.version)
        session.execute(same)
        return self.position(session, ledger)

    def outdated(self, session: Session, limit: int) -> list[LedgerId]:
        """Ledgers whose build is of an older version of the projection, except parked and closed ones."""
        table, parked = self._table, sa.select(self._parked.c.ledger)
        live = sa.and_(table.c.ledger.not_in(parked), table.c.revision < CLOSED.revision)
        old = sa.and_(table.c.version < self._version, live)
        return list(session.scalars(sa.select(table.c.ledger).where(old).limit(limit)))

    def switch(self, session: Session, build: ProjectionBuild, checkpoint: Checkpoint) -> None:
        """Atomically switches the ledger to another projection build. The caller holds the lock."""
        values = {
            "revision": checkpoint.revision,
            "entry_id": checkpoint.entry_id,
            "generation": build.generation,
            "version": self._version,
        }
        insert = insert_for(session, self._table).values(ledger=build.ledger, **values)
        session.execute(insert.on_conflict_do_update(index_elements=["ledger"], set_=values))

    def move(self, session: Session, ledger: LedgerId, start: Checkpoint, last: JournalEntry) -> ProjectionBuild:
        """Compares and sets the checkpoint; returns the ledger's build.

        Raises CheckpointMoved if the checkpoint is no longer at `start`.
        """
        table = self._table
        values = {"revision": last.revision, "entry_id": last.id}
        if start == START:
            new = new_build(ledger)._asdict() | {"version": self._version, **values}
            statement = insert_for(session, table).values(new).on_conflict_do_nothing()
            moved = session.execute(statement.returning(table.c.generation)).scalar_one_or_none()
        else:
            moved = session.execute(
                sa.update(table).where(self._is_at(ledger, start)).values(values).returning(table.c.generation)
            ).scalar_one_or_none()
        if moved is None:
            raise CheckpointMoved
        return ProjectionBuild(ledger, moved)

    def reset(self, session: Session, ledger: LedgerId, checkpoint: Checkpoint) -> ProjectionBuild | None:
        """Puts the ledger back to the start and returns its build; None if it is no longer at `checkpoint`."""
        deletion = sa.delete(self._table).where(self._is_at(ledger, checkpoint)).returning(self._table.c.generation)
        generation = session.execute(deletion).scalar_one_or_none()
        return None if generation is None else ProjectionBuild(ledger, generation)

    def close(self, session: Session, ledger: LedgerId) -> ProjectionBuild:
        """Closes a ledger for ever, known or not; returns the build whose rows are to be deleted."""
        table = self._table
        values = {"revision": CLOSED.revision, "entry_id": CLOSED.entry_id, "version": self._version}
        insert = insert_for(session, table).values(**new_build(ledger)._asdict(), **values)
        closed = insert.on_conflict_do_update(index_elements=["ledger"], set_=values).returning(table.c.generation)
        self.unpark(session, ledger)
        return ProjectionBuild(ledger, session.execute(closed).scalar_one())

    def _is_at(self, ledger: LedgerId, checkpoint: Checkpoint) -> sa.ColumnElement[bool]:
        table = self._table
        is_at = (table.c.revision == checkpoint.revision, table.c.entry_id == checkpoint.entry_id)
        return sa.and_(table.c.ledger == ledger, *is_at)

    def is_closed(self, session: Session, ledger: LedgerId) -> bool:
        """Whether the ledger was closed."""
        return self.of(session, [ledger])[ledger] == CLOSED

    def parked(self, session: Session, ledgers: Iterable[LedgerId]) -> dict[LedgerId, int]:
        """The parked ones among these ledgers, each with the revision that could not be applied."""
        table = self._parked
        query = sa.select(table.c.ledger, table.c.revision).where(table.c.ledger.in_(list(ledgers)))
        return {row.ledger: row.revision for row in session.execute(query)}

    def count_parked(self, session: Session) -> int:
        """Number of parked ledgers."""
        return session.execute(sa.select(sa.func.count()).select_from(self._parked)).scalar_one()

    def park(self, session: Session, ledger: LedgerId, revision: int, error: str) -> None:
        """Parks a ledger: its entries are not applied until it is unparked. Other ledgers are unaffected."""
        row = {"revision": revision, "error": error[:2000], "parked_at": datetime.now(UTC)}
        insert = insert_for(session, self._parked).values(ledger=ledger, **row)
        session.execute(insert.on_conflict_do_update(index_elements=["ledger"], set_=row))

    def unpark(self, session: Session, ledger: LedgerId) -> None:
        """Lets readers apply the ledger's entries again."""
        session.execute(sa.delete(self._parked).where(self._parked.c.ledger == ledger))


def run_from(at: Checkpoint, entries: Mapping[int, JournalEntry]) -> list[JournalEntry]:
    """Returns the gapless run of entries that begins right after the checkpoint and chains to it."""
    run: list[JournalEntry] = []
    previous, revision = at.entry_id, at.revision + 1
    while (entry := entries.get(revision)) and entry.previous == previous:
        run.append(entry)
        previous, revision = entry.id, revision + 1
    return run
