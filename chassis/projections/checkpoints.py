"""How far a reader has taken a journal in, and the one statement that moves it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Session

from chassis.database.engine import insert_for, table_of
from contracts.journal import JournalEntry


class Checkpoint(NamedTuple):
    """A revision and the id of the entry at it; the start is revision 0 and no entry."""

    revision: int
    entry_id: UUID | None


class Standing(NamedTuple):
    """A checkpoint, and the shelf on which everything that was derived up to it stands."""

    at: Checkpoint
    shelf: UUID


START = Checkpoint(0, None)

CLOSED = Checkpoint(2**62, UUID(int=0))
"""Where an erased ledger stands for ever: whatever still comes of it is a duplicate."""


class Moved(Exception):  # noqa: N818 - not an error: somebody else was faster
    """The checkpoint was not where the entries begin; look again."""


class Checkpoints:
    """The checkpoints and the parked ledgers in a service's two tables."""

    def __init__(self, checkpoints: type[DeclarativeBase], parked: type[DeclarativeBase], version: int) -> None:
        """`version` is the projection's: shelves of a lower one are to be rebuilt."""
        self._table = table_of(checkpoints)
        self._parked = table_of(parked)
        self._version = version

    def of(self, session: Session, ledgers: Iterable[UUID]) -> dict[UUID, Checkpoint]:
        """The checkpoints of these ledgers; one never seen is at the start."""
        wanted = list(ledgers)
        table = self._table
        rows = session.execute(
            sa.select(table.c.ledger, table.c.revision, table.c.entry_id).where(table.c.ledger.in_(wanted))
        )
        return dict.fromkeys(wanted, START) | {row.ledger: Checkpoint(row.revision, row.entry_id) for row in rows}

    def standing(self, session: Session, ledger: UUID) -> Standing | None:
        """Where one ledger stands; None before its first entry was taken in."""
        table = self._table
        row = session.execute(sa.select(table).where(table.c.ledger == ledger)).one_or_none()
        return Standing(Checkpoint(row.revision, row.entry_id), row.shelf) if row else None

    def locked(self, session: Session, ledger: UUID) -> Standing | None:
        """As `standing`, and nobody moves it until the transaction ends."""
        table = self._table
        # An update that changes nothing locks the row on both databases.
        same = sa.update(table).where(table.c.ledger == ledger).values(version=table.c.version)
        session.execute(same)
        return self.standing(session, ledger)

    def outdated(self, session: Session, limit: int) -> list[UUID]:
        """Ledgers whose shelf an older version of the projection has filled, without those set aside or closed."""
        table, parked = self._table, sa.select(self._parked.c.ledger)
        live = sa.and_(table.c.ledger.not_in(parked), table.c.revision < CLOSED.revision)
        old = sa.and_(table.c.version < self._version, live)
        return list(session.scalars(sa.select(table.c.ledger).where(old).limit(limit)))

    def swap(self, session: Session, ledger: UUID, at: Checkpoint, shelf: UUID) -> None:
        """Makes another shelf the ledger's own. The caller holds the lock."""
        values = {"revision": at.revision, "entry_id": at.entry_id, "shelf": shelf, "version": self._version}
        insert = insert_for(session, self._table).values(ledger=ledger, **values)
        session.execute(insert.on_conflict_do_update(index_elements=["ledger"], set_=values))

    def move(self, session: Session, ledger: UUID, start: Checkpoint, last: JournalEntry) -> UUID:
        """Compare and set; the ledger's shelf. Raises Moved where the checkpoint is not at `start` any more."""
        table = self._table
        values = {"revision": last.revision, "entry_id": last.id}
        if start == START:
            new = {"ledger": ledger, "shelf": uuid4(), "version": self._version, **values}
            statement = insert_for(session, table).values(new).on_conflict_do_nothing()
            moved = session.execute(statement.returning(table.c.shelf)).one_or_none()
        else:
            moved = session.execute(
                sa.update(table)
                .where(
                    table.c.ledger == ledger,
                    table.c.revision == start.revision,
                    table.c.entry_id == start.entry_id,
                )
                .values(values)
                .returning(table.c.shelf)
            ).one_or_none()
        if moved is None:
            raise Moved
        shelf: UUID = moved.shelf
        return shelf

    def forget(self, session: Session, ledger: UUID, at: Checkpoint) -> UUID | None:
        """Puts the ledger back to the start; the shelf it had. None where it is not at `at` any more."""
        table = self._table
        found = session.execute(
            sa.delete(table)
            .where(table.c.ledger == ledger, table.c.revision == at.revision, table.c.entry_id == at.entry_id)
            .returning(table.c.shelf)
        )
        return found.scalar_one_or_none()

    def close(self, session: Session, ledger: UUID) -> UUID:
        """Ends a ledger for ever, whether anything was read of it or not; the shelf that is to be cleared."""
        table = self._table
        values = {"revision": CLOSED.revision, "entry_id": CLOSED.entry_id, "version": self._version}
        insert = insert_for(session, table).values(ledger=ledger, shelf=uuid4(), **values)
        closed = insert.on_conflict_do_update(index_elements=["ledger"], set_=values).returning(table.c.shelf)
        self.unpark(session, ledger)
        shelf: UUID = session.execute(closed).scalar_one()
        return shelf

    def is_closed(self, session: Session, ledger: UUID) -> bool:
        """Whether the ledger has ended."""
        return self.of(session, [ledger])[ledger] == CLOSED

    def parked(self, session: Session, ledgers: Iterable[UUID]) -> dict[UUID, int]:
        """Those of these ledgers that are set aside, each with the revision that could not be applied."""
        table = self._parked
        query = sa.select(table.c.ledger, table.c.revision).where(table.c.ledger.in_(list(ledgers)))
        return {row.ledger: row.revision for row in session.execute(query)}

    def count_parked(self, session: Session) -> int:
        """Number of ledgers that are set aside."""
        return session.execute(sa.select(sa.func.count()).select_from(self._parked)).scalar_one()

    def park(self, session: Session, ledger: UUID, revision: int, error: str) -> None:
        """Sets a ledger aside; everyone else goes on."""
        row = {"revision": revision, "error": error[:2000], "parked_at": datetime.now(UTC)}
        insert = insert_for(session, self._parked).values(ledger=ledger, **row)
        session.execute(insert.on_conflict_do_update(index_elements=["ledger"], set_=row))

    def unpark(self, session: Session, ledger: UUID) -> None:
        """Lets the readers try the ledger again."""
        session.execute(sa.delete(self._parked).where(self._parked.c.ledger == ledger))


def run_from(at: Checkpoint, entries: Mapping[int, JournalEntry]) -> list[JournalEntry]:
    """The gapless run of entries that begins right after the checkpoint and chains to it."""
    run: list[JournalEntry] = []
    previous, revision = at.entry_id, at.revision + 1
    while (entry := entries.get(revision)) and entry.previous == previous:
        run.append(entry)
        previous, revision = entry.id, revision + 1
    return run
