"""Pages of the journal for readers, for the relay and for the export: each ends at its bytes."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from chassis.journal.action import Action
from chassis.journal.journal import MAX_FEED_PAGE_BYTES
from chassis.journal.relay import Relay
from chassis.journal.stream_writer import StreamWriter
from chassis.process.settings import STREAM_BYTES
from chassis.redis.client import connect
from contracts.ids import LedgerId
from contracts.journal import Change, FeedPage, Via
from services.expenses.ledger.schemas import JournalPage, JournalQuery
from services.expenses.payments.schemas import Batch, ExpenseIn
from tests.support.book import Book, migrated_book, owner_of, read_of, write_to

LONG_NOTE = "\N{GRINNING FACE}" * 2_000


@pytest.fixture
def book(database_url: str) -> Iterator[Book]:
    database = migrated_book(database_url)
    yield Book(database)
    database.close()


def test_an_entry_that_is_larger_than_a_page_is_one_of_its_own(book: Book) -> None:
    ledger = LedgerId(uuid4())
    book.write_entries(ledger, 1)
    with book.database.write() as session:
        row = book.journal.take_revision(session, ledger)
        assert row is not None
        large = Change(kind="test", id=uuid4(), before=None, after={"text": "x" * 3 * MAX_FEED_PAGE_BYTES})
        book.journal.append(session, row, Action.new("test", None, Via.SYSTEM), [large])
    book.write_entries(ledger, 2)
    pages, after = [], 0
    while (page := FeedPage.model_validate_json(book.feed.page(ledger, after).body)).entries:
        pages.append([entry.revision for entry in page.entries])
        after = page.entries[-1].revision
    assert pages == [[1, 2], [3], [4, 5]]


def test_pages_hold_what_the_entries_are(book: Book) -> None:
    caller = owner_of(LedgerId(uuid4()))
    book.expenses.record(write_to(caller), ExpenseIn(amount="1", category='"Ä" 😀\n'))
    with book.database.snapshot() as session:
        entries = book.journal.entries(session, caller.ledger, 0, limit=10)
        lines = list(book.journal.every_entry(session, caller.ledger))
    assert lines == [entry.encode() for entry in entries]
    page = JournalPage.model_validate_json(book.ledgers.journal(read_of(caller), JournalQuery()).body)
    assert page == JournalPage(items=entries, head=2)


def test_the_relay_takes_a_few_megabytes_at_once(book: Book, redis_url: str) -> None:
    notes = [ExpenseIn(amount="1", category="Food", note=LONG_NOTE)] * 50
    ledgers = [LedgerId(uuid4()) for _ in range(16)]
    for ledger in ledgers:
        book.expenses.change(write_to(owner_of(ledger)), Batch(create=notes))
    relay = Relay(book.database, book.journal, StreamWriter(connect(redis_url), STREAM_BYTES), lambda _: "stream")
    first = relay._unpublished(None)
    assert 0 < len(first) < len(ledgers)
    assert {one.ledger for one in relay._unpublished(first[-1].ledger)} <= set(ledgers) - {one.ledger for one in first}

    assert relay.publish_some()
    with book.database.snapshot() as session:
        assert book.journal.unannounced(session, 100) == []


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_sqlite_reads_a_page_once(book: Book) -> None:
    ledger = LedgerId(uuid4())
    book.write_entries(ledger, 20, "x" * 1_000)
    statements: list[str] = []
    sa.event.listen(
        book.database.engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: statements.append(statement)
    )
    with book.database.snapshot() as session:
        rows = book.journal.rows(session, ledger, 0, limit=1_000, most_bytes=5_000)
    assert [row.revision for row in rows] == [1, 2, 3, 4, 5]
    assert sum("FROM journal" in statement for statement in statements) == 1


def test_a_change_is_encoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    change = Change(kind="test", id=uuid4(), before={"a": 'ä"\n'}, after=None)
    encoded: list[Change] = []
    dump = Change.model_dump_json

    def counting(self: Change, **options: Any) -> str:
        encoded.append(self)
        return dump(self, **options)

    monkeypatch.setattr(Change, "model_dump_json", counting)
    text = Change.encode_all([change, change])
    assert change.size == len(text.encode()) // 2 - 1
    assert len(encoded) == 1
    assert Change.decode_all(text) == (change, change)
    assert Change.decode_all(Change.encode_all([change.reversed()])) == (
        Change(kind="test", id=change.id, before=None, after={"a": 'ä"\n'}),
    )
