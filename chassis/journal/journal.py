"""The journal: a ledger's row takes the next revision first, then everything else happens under that lock."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import uuid_utils.compat as uuids
from sqlalchemy.orm import DeclarativeBase, Session

from chassis.database.chunked_deletes import ROWS_AT_ONCE
from chassis.database.engine import delete, insert_for, table_of
from chassis.journal.pages import decode, encode, page_end, page_rows
from chassis.process.logging import request_id
from contracts.journal import MOST_ENTRY_BYTES, MOST_PAIRS, Backlog, Change, Head, JournalEntry, Via

NO_ENTRY = UUID(int=0)
"""Where an entry's id stands else: the tail of a ledger that was closed."""

MOST_FEED_BYTES = 2 * 1024 * 1024
"""Bytes after which a page of the feed ends."""


@dataclass(frozen=True)
class Action:
    """What is being done, by whom and by which means; one action may need several entries."""

    id: UUID
    name: str
    actor: UUID | None
    via: Via

    @classmethod
    def new(cls, name: str, actor: UUID | None, via: Via) -> "Action":
        """An action that begins now."""
        return cls(uuids.uuid7(), name, actor, via)


class Journal:
    """The journal over a service's two tables."""

    def __init__(self, ledgers: type[DeclarativeBase], entries: type[DeclarativeBase]) -> None:
        self._ledgers = table_of(ledgers)
        self._entries = table_of(entries)

    def take_revision(self, session: Session, ledger: UUID) -> sa.Row[Any] | None:
        """Takes the next revision and returns the ledger's row; None where no such ledger is open.

        The row lock makes revisions gap-free and in commit order. This must be the transaction's first
        statement: what was read before it may be stale, and a before-image wrong.
        """
        table = self._ledgers
        return session.execute(
            sa.update(table)
            .where(table.c.id == ledger, table.c.head > 0)
            .values(head=table.c.head + 1)
            .returning(*table.c)
        ).one_or_none()

    def open(self, session: Session, ledger: UUID, action: Action, pairs: Sequence[Change], **columns: object) -> bool:
        """Opens a ledger with these pairs as entry 1; False where it was open already. `columns` are the row's own."""
        entry = _entry(ledger, 1, None, action, pairs)
        row = {"id": ledger, "head": 1, "tail": entry.id, "announced": 0, **columns}
        insert = insert_for(session, self._ledgers).values(row).on_conflict_do_nothing()
        if session.execute(insert.returning(self._ledgers.c.id)).one_or_none() is None:
            return False
        session.execute(sa.insert(self._entries).values(**_row(entry)))
        return True

    def append(
        self, session: Session, ledger: sa.Row[Any], action: Action, pairs: Sequence[Change], **columns: object
    ) -> JournalEntry:
        """Writes the pairs as one entry, or as several where they are too many or too large; returns the last one.

        `columns` are the ledger row's own.
        """
        revision, previous = ledger.head, ledger.tail
        entry: JournalEntry | None = None
        for chunk in _chunks(pairs):
            entry = _entry(ledger.id, revision, previous, action, chunk)
            session.execute(sa.insert(self._entries).values(**_row(entry)))
            revision, previous = revision + 1, entry.id
        if entry is None:
            msg = "an action that changes nothing writes no entry"
            raise ValueError(msg)
        session.execute(
            sa.update(self._ledgers)
            .where(self._ledgers.c.id == ledger.id)
            .values(head=entry.revision, tail=entry.id, **columns)
        )
        return entry

    def give_back(self, session: Session, ledger: UUID) -> None:
        """Gives the revision back that was taken: what changes nothing writes no entry."""
        table = self._ledgers
        session.execute(sa.update(table).where(table.c.id == ledger).values(head=table.c.head - 1))

    def head(self, session: Session, ledger: UUID) -> Head | None:
        """Where the ledger's journal ends."""
        table = self._ledgers
        query = sa.select(table.c.head, table.c.tail).where(table.c.id == ledger, table.c.head > 0)
        row = session.execute(query).one_or_none()
        return row and Head(ledger=ledger, head=row.head, tail=row.tail)

    def heads(self, session: Session, after: UUID | None, limit: int) -> list[Head]:
        """Heads in the order of ledger ids."""
        table = self._ledgers
        query = sa.select(table.c.id, table.c.head, table.c.tail).where(table.c.head > 0)
        query = query.order_by(table.c.id).limit(limit)
        rows = session.execute(query if after is None else query.where(table.c.id > after))
        return [Head(ledger=row.id, head=row.head, tail=row.tail) for row in rows]

    def entries(
        self, session: Session, ledger: UUID, after: int, *, limit: int, most_bytes: int = MOST_FEED_BYTES
    ) -> list[JournalEntry]:
        """A page of the entries after a revision, oldest first; it ends at `most_bytes`, but has at least one."""
        return [decode(row) for row in self.rows(session, ledger, after, limit=limit, most_bytes=most_bytes)]

    def rows(self, session: Session, ledger: UUID, after: int, *, limit: int, most_bytes: int) -> list[sa.Row[Any]]:
        """The same page as rows of the table, whose `pairs` are not read yet."""
        return page_rows(session, self._entries, ledger, after, limit, most_bytes)

    def encoded(self, session: Session, ledger: UUID, after: int, *, limit: int, most_bytes: int) -> str:
        """The same page as a JSON array."""
        rows = self.rows(session, ledger, after, limit=limit, most_bytes=most_bytes)
        return f"[{','.join(map(encode, rows))}]"

    def revision_before(self, session: Session, ledger: UUID, since: datetime, until: datetime, least: int) -> int:
        """The revision before the first entry of a period; 0 where that is the first of all.

        At least the `least` newest entries come after it: their moments may be those of a clock that was wrong.
        """
        table = self._entries
        of_ledger = table.c.ledger == ledger
        young = sa.func.min(table.c.revision).filter(table.c.occurred_at.between(since, until))
        first, head = session.execute(sa.select(young, sa.func.max(table.c.revision)).where(of_ledger)).one()
        newest = max((head or 0) - least, 0)
        return newest if first is None else min(first - 1, newest)

    def entries_of(self, session: Session, ledger: UUID, action: UUID) -> list[JournalEntry]:
        """All entries of one action, oldest first."""
        table = self._entries
        query = sa.select(table).where(table.c.ledger == ledger, table.c.action_id == action)
        return [decode(row) for row in session.execute(query.order_by(table.c.revision))]

    def every_entry(self, session: Session, ledger: UUID) -> Iterator[str]:
        """The JSON of every entry, oldest first, a page at a time."""
        after = 0
        while rows := self.rows(session, ledger, after, limit=1_000, most_bytes=MOST_FEED_BYTES):
            yield from map(encode, rows)
            after = rows[-1].revision

    def entries_naming(self, session: Session, ledger: UUID, id_: UUID) -> list[JournalEntry]:
        """All entries with somebody as their actor or in their pairs, oldest first. Looks at every entry."""
        table = self._entries
        named = sa.or_(table.c.actor == id_, table.c.pairs.contains(str(id_)))
        query = sa.select(table).where(table.c.ledger == ledger, named).order_by(table.c.revision)
        return [decode(row) for row in session.execute(query)]

    def close(self, session: Session, ledger: UUID, **columns: object) -> None:
        """Ends a ledger for ever, whether it was open or not. `columns` are the row's own.

        The row stays, at revision 0, where no open ledger is: nobody can open it again. Its lock comes first, so that
        a write is either whole before this, or finds no ledger. The entries are deleted by `delete_some`.
        """
        row = {"id": ledger, "head": 0, "tail": NO_ENTRY, "announced": 0, **columns}
        insert = insert_for(session, self._ledgers).values(row)
        session.execute(insert.on_conflict_do_update(index_elements=["id"], set_=row))

    def delete_some(self, session: Session, ledger: UUID) -> dict[str, int]:
        """Deletes the oldest entries of a closed ledger, a few megabytes of them; how many."""
        table = self._entries
        end = page_end(session, table, ledger, 0, ROWS_AT_ONCE, MOST_FEED_BYTES)
        return {table.name: delete(session, table, sa.and_(table.c.ledger == ledger, table.c.revision <= end))}

    def is_closed(self, session: Session, ledger: UUID) -> bool:
        """Whether the ledger has ended; one that was never opened has not."""
        table = self._ledgers
        query = sa.select(table.c.id).where(table.c.id == ledger, table.c.head == 0)
        return session.execute(query).one_or_none() is not None

    def unannounced(self, session: Session, limit: int, after: UUID | None = None) -> list[sa.Row[Any]]:
        """Ledgers whose newest entries are not announced yet, in the order of their ids."""
        table = self._ledgers
        query = sa.select(table.c.id, table.c.head, table.c.announced).where(table.c.announced < table.c.head)
        query = query.order_by(table.c.id).limit(limit)
        return list(session.execute(query if after is None else query.where(table.c.id > after)))

    def backlog(self, session: Session) -> Backlog:
        """What is still to be announced, over all ledgers."""
        ledgers, entries = self._ledgers, self._entries
        oldest = sa.and_(entries.c.ledger == ledgers.c.id, entries.c.revision == ledgers.c.announced + 1)
        query = sa.select(sa.func.sum(ledgers.c.head - ledgers.c.announced), sa.func.min(entries.c.occurred_at))
        joined = query.join_from(ledgers, entries, oldest, isouter=True)
        count, since = session.execute(joined.where(ledgers.c.announced < ledgers.c.head)).one()
        return Backlog(entries=int(count or 0), since=since)

    def mark_announced(self, session: Session, ledger: UUID, revision: int) -> bool:
        """Raises `announced`; never lowers it, as there may be several relays. False where the ledger was closed."""
        table = self._ledgers
        raised = sa.case((table.c.head > 0, revision), else_=0)
        update = sa.update(table).where(table.c.id == ledger, table.c.announced < revision).values(announced=raised)
        return session.execute(update.returning(table.c.head)).scalar_one_or_none() != 0

    def closed(self, session: Session, ledgers: Collection[UUID]) -> set[UUID]:
        """Those of these ledgers that have ended."""
        table = self._ledgers
        return set(session.scalars(sa.select(table.c.id).where(table.c.id.in_(ledgers), table.c.head == 0)))


def new_entry_id() -> UUID:
    """A UUIDv7: in the order of time."""
    return uuids.uuid7()


def _entry(ledger: UUID, revision: int, previous: UUID | None, action: Action, pairs: Sequence[Change]) -> JournalEntry:
    return JournalEntry(
        id=new_entry_id(),
        ledger=ledger,
        revision=revision,
        previous=previous,
        action_id=action.id,
        action=action.name,
        actor=action.actor,
        via=action.via,
        request_id=request_id.get(),
        occurred_at=datetime.now(UTC),
        pairs=tuple(pairs),
    )


def _row(entry: JournalEntry) -> dict[str, Any]:
    return entry.model_dump(exclude={"pairs"}) | {"pairs": Change.encode_all(entry.pairs)}


def _chunks(pairs: Sequence[Change]) -> Iterator[Sequence[Change]]:
    """Runs of pairs that fit into one entry; a pair that is too large for any is an entry of its own."""
    chunk: list[Change] = []
    size = 0
    for pair in pairs:
        weight = pair.size
        if chunk and (len(chunk) == MOST_PAIRS or size + weight > MOST_ENTRY_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(pair)
        size += weight
    if chunk:
        yield chunk
