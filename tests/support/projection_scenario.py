"""The book, a relay, Redis and a reader in one process, to be made to do anything in any order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, cast
from unittest.mock import patch
from uuid import UUID

import sqlalchemy as sa

from chassis.database.engine import Database
from chassis.journal.feed import Feed
from chassis.journal.heads import Heads
from chassis.journal.relay import Relay
from chassis.journal.stream_writer import StreamWriter
from chassis.process.settings import STREAM_BYTES
from chassis.redis.client import connect
from contracts.ids import LedgerId
from contracts.journal import FeedPage, StreamMessage, journal_stream
from services.expenses.ledger.tables import Base as BookBase
from services.expenses.ledger.tables import LedgerRow
from services.insights.components import InsightsComponents, assemble
from services.insights.projections.checkpoints import CHECKPOINTS
from services.insights.projections.effects import CommitEffects
from services.insights.summary.service import TotalsService
from services.insights.tables import Base as TotalsBase
from services.insights.tables import CheckpointRow, DayTotal, PaymentRow
from tests.support.book import Book, BookClient

MAX_PUBLISHED = 40
"""Messages that are kept to be delivered again."""

Rows = dict[sa.Table, list[dict[str, Any]]]


class ProcessKilled(BaseException):
    """A process dies: nothing in it can catch this and go on."""


@contextmanager
def dying_in(owner: type, method: str) -> Iterator[None]:
    """The caller of the method dies there. Fails if the method is not called."""
    with patch.object(owner, method, side_effect=ProcessKilled) as deadly, suppress(ProcessKilled):
        yield
    assert deadly.called, "the method was not called"


@contextmanager
def between_fetch_and_commit(happening: Callable[[], object]) -> Iterator[None]:
    """The next page that is fetched is kept from its reader until that has happened."""
    fetch, waiting = Feed.page, [happening]

    def slow(feed: Feed, ledger: LedgerId, after: int, **how: float) -> FeedPage:
        page = fetch(feed, ledger, after, **how)
        if waiting:
            waiting.pop()()
        return page

    with patch.object(Feed, "page", slow):
        yield


class ProjectionScenario:
    def __init__(self, book: Database, totals: Database, redis_url: str) -> None:
        self.book = Book(book)
        self.totals_database = totals
        self._url = redis_url
        self.redis = connect(redis_url)
        self._client = BookClient(self.book)
        writer = StreamWriter(self.redis, STREAM_BYTES)
        self.relay = Relay(book, self.book.journal, writer, lambda _: journal_stream(0), Heads(self.redis))
        self.clear()

    def clear(self) -> None:
        """As on the first day."""
        for database, base in ((self.book.database, BookBase), (self.totals_database, TotalsBase)):
            with database.write() as session:
                for table in base.metadata.sorted_tables:
                    session.execute(sa.delete(table))
        self.lose_redis()
        self.published: list[StreamMessage] = []
        self.restart()

    def restart(self) -> None:
        """A new process: what it has in memory is what it finds out."""
        self.components = self.new_components()
        self.totals = TotalsService(self.totals_database, self.components.reader, self.components.effects)

    def new_components(self) -> InsightsComponents:
        """What one more reader has."""
        return assemble(self.totals_database, self._client, CommitEffects(connect(self._url)))

    def lose_redis(self) -> None:
        self.redis.flushall()
        self._heard = "-"

    def listen(self) -> None:
        """Takes what the relay has put on the stream since the last time."""
        for id_, fields in cast("list[Any]", self.redis.xrange(journal_stream(0), min=self._heard)):
            self._heard = f"({id_.decode()}"
            self.published.append(StreamMessage.decode(fields))
        del self.published[:-MAX_PUBLISHED]

    def backup(self) -> Rows:
        """Everything in the book's database."""
        with self.book.database.snapshot() as session:
            tables = BookBase.metadata.sorted_tables
            return {table: [dict(row._mapping) for row in session.execute(sa.select(table))] for table in tables}

    def restore(self, rows: Mapping[sa.Table, Sequence[dict[str, Any]]]) -> None:
        with self.book.database.write() as session:
            for table, kept in rows.items():
                session.execute(sa.delete(table))
                if kept:
                    session.execute(sa.insert(table), kept)

    def chain(self, ledger: LedgerId) -> list[UUID]:
        """Ids of the journal's entries; fails where it has a gap or does not hang together."""
        with self.book.database.snapshot() as session:
            entries = self.book.journal.entries(session, ledger, 0, limit=10_000, most_bytes=10**9)
            head = self.book.journal.head(session, ledger)
            announced = session.scalar(sa.select(LedgerRow.announced).where(LedgerRow.id == ledger))
        ids = [entry.id for entry in entries]
        assert [entry.revision for entry in entries] == list(range(1, len(entries) + 1))
        assert [entry.previous for entry in entries] == [None, *ids[:-1]]
        assert head
        assert (head.head, head.tail) == (len(ids), ids[-1])
        assert announced is not None
        assert announced <= head.head
        return ids

    def checkpoint(self, ledger: LedgerId) -> tuple[int, UUID | None]:
        with self.totals_database.snapshot() as session:
            return CHECKPOINTS.of(session, [ledger])[ledger]

    def unserved_builds(self) -> set[tuple[UUID, int]]:
        """Builds with rows that no checkpoint names."""

        def builds(table: type[DayTotal | PaymentRow | CheckpointRow]) -> set[tuple[UUID, int]]:
            return {(ledger, number) for ledger, number in session.execute(sa.select(table.ledger, table.generation))}

        with self.totals_database.snapshot() as session:
            return (builds(DayTotal) | builds(PaymentRow)) - builds(CheckpointRow)
