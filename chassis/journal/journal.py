"""The journal: a ledger's row takes the next revision first, then everything else happens under that lock."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import uuid_utils.compat as uuids
from sqlalchemy.orm import DeclarativeBase, Session

from chassis.database.chunked_deletes import ROWS_AT_ONCE
from chassis.database.engine import delete, insert_for, table_of
from chassis.journal.action import Action
from chassis.journal.pages import decode, encode, page_end, page_rows
from chassis.process.logging import request_id
from contracts.ids import ActionId, LedgerId
from contracts.journal import MAX_ENTRY_BYTES, MAX_PAIRS, Backlog, Change, Head, JournalEntry

NO_ENTRY = UUID(int=0)
"""The tail of a closed ledger, instead of an entry's id."""

MAX_FEED_PAGE_BYTES = 2 * 1024 * 1024
"""Bytes after which a page of the feed ends."""


class Journal:
    """The journal over a service's two tables."""

    def __init__(self, ledgers: type[DeclarativeBase], entries: type[DeclarativeBase]) -> None:
        self._ledgers = table_of(ledgers)
        self._entries = table_of(entries)

    def take_revision(self, session: Session, ledger: LedgerId) -> sa.Row[Any] | None:
        """Takes the next revision and returns the ledger's row; None if no such ledger is open.

        The row lock makes revisions gap-free and in commit order. This must be the transaction's first
        statement: anything read before it may be stale, and a before-image wrong.
        """
        table = self._ledgers
        return session.execute(
            sa.update(table)
            .where(table.c.id == ledger, table.c.head > 0)
            .values(head=table.c.head + 1)
            .returning(*table.c)
        ).one_or_none()

    def open(
        self, session: Session, ledger: LedgerId, action: Action, pairs: Sequence[Change], **columns: object
    ) -> bool:
        """Opens a ledger with these pairs as entry 1; returns False if it was open. `columns` go into its row."""
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
        """Writes the pairs as one entry, or as several if they are too many or too large; returns the last one.

        `columns` go into the ledger's row.
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

    def give_back(self, session: Session, ledger: LedgerId) -> None:
        """Gives a taken revision back, after an action that changed nothing."""
        table = self._ledgers
        session.execute(sa.update(table).where(table.c.id == ledger).values(head=table.c.head - 1))

    def head(self, session: Session, ledger: LedgerId) -> Head | None:
        """Returns the head of the ledger's journal; None if it is not open."""
        table = self._ledgers
        query = sa.select(table.c.head, table.c.tail).where(table.c.id == ledger, table.c.head > 0)
        row = session.execute(query).one_or_none()
        return row and Head(ledger=ledger, head=row.head, tail=row.tail)

    def heads(self, session: Session, after: UUID | None, limit: int) -> list[Head]:
        """Returns heads in the order of ledger ids."""
        table = self._ledgers
        query = sa.select(table.c.id, table.c.head, table.c.tail).where(table.c.head > 0)
        query = query.order_by(table.c.id).limit(limit)
        rows = session.execute(query if after is None else query.where(table.c.id > after))
        return [Head(ledger=row.id, head=row.head, tail=row.tail) for row in rows]

    def entries(
        self, session: Session, ledger: LedgerId, after: int, *, limit: int, most_bytes: int = MAX_FEED_PAGE_BYTES
    ) -> list[JournalEntry]:
        """Returns a page of entries after a revision, oldest first: up to `most_bytes`, but at least one entry."""
        return [decode(row) for row in self.rows(session, ledger, after, limit=limit, most_bytes=most_bytes)]

    def rows(self, session: Session, ledger: LedgerId, after: int, *, limit: int, most_bytes: int) -> list[sa.Row[Any]]:
        """Returns the same page as rows, whose `pairs` are not parsed yet."""
        return page_rows(session, self._entries, ledger, after, limit, most_bytes)

    def encoded(self, session: Session, ledger: LedgerId, after: int, *, limit: int, most_bytes: int) -> str:
        """Returns the same page as a JSON array."""
        rows = self.rows(session, ledger, after, limit=limit, most_bytes=most_bytes)
        return f"[{','.join(map(encode, rows))}]"

    def revision_before(self, session: Session, ledger: LedgerId, since: datetime, until: datetime, least: int) -> int:
        """Returns the revision before the first entry of a period; 0 if that is the journal's first.

        At least the `least` newest entries come after it, since a wrong clock may have dated them.
        """
        table = self._entries
        of_ledger = table.c.ledger == ledger
        young = sa.func.min(table.c.revision).filter(table.c.occurred_at.between(since, until))
        first, head = session.execute(sa.select(young, sa.func.max(table.c.revision)).where(of_ledger)).one()
        newest = max((head or 0) - least, 0)
        return newest if first is None else min(first - 1, newest)

    def entries_of(self, session: Session, ledger: LedgerId, action: ActionId) -> list[JournalEntry]:
        """Returns all entries of one action, oldest first."""
        table = self._entries
        query = sa.select(table).where(table.c.ledger == ledger, table.c.action_id == action)
        return [decode(row) for row in session.execute(query.order_by(table.c.revision))]

    def every_entry(self, session: Session, ledger: LedgerId) -> Iterator[str]:
        """Yields every entry as JSON, oldest first, reading a page at a time."""
        after = 0
        while rows := self.rows(session, ledger, after, limit=1_000, most_bytes=MAX_FEED_PAGE_BYTES):
            yield from map(encode, rows)
            after = rows[-1].revision

    def entries_naming(self, session: Session, ledger: LedgerId, id_: UUID) -> list[JournalEntry]:
        """Returns all entries with this account as actor or in their pairs, oldest first. Scans every entry."""
        table = self._entries
        named = sa.or_(table.c.actor == id_, table.c.pairs.contains(str(id_)))
        query = sa.select(table).where(table.c.ledger == ledger, named).order_by(table.c.revision)
        return [decode(row) for row in session.execute(query)]

    def close(self, session: Session, ledger: LedgerId, **columns: object) -> None:
        """Closes a ledger for ever, whether it was open or not. `columns` go into its row.

        The row stays at revision 0, which no open ledger has, so that it cannot be opened again. Its lock comes first:
        a concurrent write is either complete or finds no ledger. `delete_some` deletes the entries.
        """
        row = {"id": ledger, "head": 0, "tail": NO_ENTRY, "announced": 0, **columns}
        insert = insert_for(session, self._ledgers).values(row)
        session.execute(insert.on_conflict_do_update(index_elements=["id"], set_=row))

    def delete_some(self, session: Session, ledger: LedgerId) -> dict[str, int]:
        """Deletes the oldest entries of a closed ledger, a few megabytes of them; returns their number."""
        table = self._entries
        end = page_end(session, table, ledger, 0, ROWS_AT_ONCE, MAX_FEED_PAGE_BYTES)
        return {table.name: delete(session, table, sa.and_(table.c.ledger == ledger, table.c.revision <= end))}

    def is_closed(self, session: Session, ledger: LedgerId) -> bool:
        """Whether the ledger was closed; False if it was never opened."""
        table = self._ledgers
        query = sa.select(table.c.id).where(table.c.id == ledger, table.c.head == 0)
        return session.execute(query).one_or_none() is not None

    def unannounced(self, session: Session, limit: int, after: UUID | None = None) -> list[sa.Row[Any]]:
        """Returns ledgers with unpublished entries, in the order of their ids."""
        table = self._ledgers
        query = sa.select(table.c.id, table.c.head, table.c.announced).where(table.c.announced < table.c.head)
        query = query.order_by(table.c.id).limit(limit)
        return list(session.execute(query if after is None else query.where(table.c.id > after)))

    def backlog(self, session: Session) -> Backlog:
        """Returns the number of unpublished entries over all ledgers, and the time of the oldest."""
        ledgers, entries = self._ledgers, self._entries
        oldest = sa.and_(entries.c.ledger == ledgers.c.id, entries.c.revision == ledgers.c.announced + 1)
        query = sa.select(sa.func.sum(ledgers.c.head - ledgers.c.announced), sa.func.min(entries.c.occurred_at))
        joined = query.join_from(ledgers, entries, oldest, isouter=True)
        count, since = session.execute(joined.where(ledgers.c.announced < ledgers.c.head)).one()
        return Backlog(entries=int(count or 0), since=since)

    def mark_announced(self, session: Session, ledger: LedgerId, revision: int) -> bool:
        """Raises `announced`, never lowers it: there may be several relays. Returns False if the ledger was closed."""
        table = self._ledgers
        raised = sa.case((table.c.head > 0, revision), else_=0)
        update = sa.update(table).where(table.c.id == ledger, table.c.announced < revision).values(announced=raised)
        return session.execute(update.returning(table.c.head)).scalar_one_or_none() != 0

    def closed(self, session: Session, ledgers: Collection[LedgerId]) -> set[LedgerId]:
        """Returns the closed ones among these ledgers."""
        table = self._ledgers
        return set(session.scalars(sa.select(table.c.id).where(table.c.id.in_(ledgers), table.c.head == 0)))


def new_entry_id() -> UUID:
    """Returns a UUIDv7, so that ids are in the order of time."""
    return uuids.uuid7()


def _entry(
    ledger: LedgerId, revision: int, previous: UUID | None, action: Action, pairs: Sequence[Change]
) -> JournalEntry:
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
    """Yields runs of pairs that fit into one entry; a pair that is too large for any gets its own entry."""
    chunk: list[Change] = []
    size = 0
    for pair in pairs:
        weight = pair.size
        if chunk and (len(chunk) == MAX_PAIRS or size + weight > MAX_ENTRY_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(pair)
        size += weight
    if chunk:
        yield chunk
