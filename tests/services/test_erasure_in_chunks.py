"""However much is deleted: other writers get their turn, and a process that dies on the way has counted right."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from chassis.database.chunked_deletes import ROWS_AT_ONCE
from chassis.database.engine import Database
from chassis.journal.journal import new_entry_id
from contracts.book import ExpenseImage
from contracts.erasure import ErasureOrder, ErasureResult
from contracts.ids import ExpenseId, LedgerId
from services.expenses.categories.repository import CategoryRepository
from services.expenses.ledger.maintenance import RETENTION, ReplayCleanup
from services.expenses.ledger.tables import EntryRow, ReplayRow
from services.expenses.payments.repository import ExpenseRepository
from services.expenses.payments.schemas import ExpenseIn
from services.expenses.payments.tables import ExpenseRow
from tests.support.book import Book, migrated_book, owner_of, write_to
from tests.support.clock import steady

MANY = 3 * ROWS_AT_ONCE


@pytest.fixture
def book(database_url: str) -> Iterator[Book]:
    database = migrated_book(database_url)
    yield Book(database)
    database.close()


def filled(book: Book) -> UUID:
    """A ledger with many expenses and entries."""
    caller = owner_of(LedgerId(uuid4()))
    book.expenses.record(write_to(caller, key="key"), ExpenseIn(amount="1", category="Food"))
    book.write_entries(caller.ledger, MANY - 2)
    with book.database.write() as session:
        [category] = CategoryRepository(session, caller.ledger).every()
        values = {"amount": "1", "minor": 100, "currency": "EUR", "category": category, "merchant": None, "note": None}
        image = ExpenseImage.model_validate(values | {"spent_on": "2026-01-01"})
        ExpenseRepository(session, caller.ledger).insert([(ExpenseId(new_entry_id()), image) for _ in range(MANY - 1)])
    return caller.ledger


ALL = {"journal": MANY, "expenses": MANY, "categories": 1, "replays": 1}


@contextmanager
def transactions(database: Database) -> Iterator[list[int]]:
    """Rows deleted by each transaction."""
    deleted = [0]

    def count(_conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("DELETE"):
            deleted[-1] += cursor.rowcount

    def ended(_conn: Any) -> None:
        deleted.append(0)

    sa.event.listen(database.engine, "after_cursor_execute", count)
    sa.event.listen(database.engine, "commit", ended)
    yield deleted
    sa.event.remove(database.engine, "after_cursor_execute", count)
    sa.event.remove(database.engine, "commit", ended)


def order_of(ledger: LedgerId) -> ErasureOrder:
    return ErasureOrder(receipt=uuid4(), account=None, ledgers=(ledger,))


def test_a_large_ledger_goes_in_many_small_transactions(book: Book) -> None:
    ledger = filled(book)
    order = order_of(LedgerId(ledger))
    with transactions(book.database) as deleted:
        erased = book.erasure.erase(order)
    assert erased == ErasureResult(deleted=ALL)
    assert max(deleted) == ROWS_AT_ONCE == 500
    assert sum(deleted) == sum(ALL.values())
    assert book.erasure.erase(order) == erased, "the same order has the same answer"


def test_entries_go_by_their_bytes(book: Book) -> None:
    caller = owner_of(LedgerId(uuid4()))
    for _ in range(9):
        book.expenses.record(write_to(caller), ExpenseIn(amount="1", category="Food"))
    with book.database.write() as session:
        session.execute(sa.update(EntryRow).values(pairs="x" * 1024 * 1024))
    with transactions(book.database) as deleted:
        book.erasure.erase(order_of(caller.ledger))
    assert deleted.count(2) == 5, "ten entries of a megabyte each, two at once"


class _ProcessDeath(BaseException):
    pass


def test_a_process_that_dies_on_the_way_has_closed_the_ledger_and_the_next_goes_on(book: Book) -> None:
    ledger, other = filled(book), filled(book)
    order = order_of(LedgerId(ledger))
    seen = 0

    def die(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal seen
        seen += statement.startswith("DELETE FROM expenses")
        if seen == 2:
            raise _ProcessDeath

    sa.event.listen(book.database.engine, "before_cursor_execute", die)
    with pytest.raises(_ProcessDeath):
        book.erasure.erase(order)
    sa.event.remove(book.database.engine, "before_cursor_execute", die)

    with book.database.snapshot() as session:
        left = session.scalar(sa.select(sa.func.count()).select_from(ExpenseRow).filter_by(ledger=ledger))
        assert book.journal.is_closed(session, LedgerId(ledger))
    assert left == MANY - ROWS_AT_ONCE
    assert book.erasure.erase(order) == ErasureResult(deleted=ALL)
    with book.database.snapshot() as session:
        counts = [
            session.scalar(sa.select(sa.func.count()).select_from(row).filter_by(ledger=id_))
            for row in (ExpenseRow, EntryRow)
            for id_ in (ledger, other)
        ]
    assert counts == [0, MANY, 0, MANY]


def test_old_answers_go_in_small_transactions(book: Book) -> None:
    now = datetime.now(UTC)
    row = {"ledger": uuid4(), "actor": uuid4(), "fingerprint": "", "revision": 1, "action_id": uuid4(), "body": ""}
    with book.database.write() as session:
        moments = {str(number): now - RETENTION - timedelta(days=1) for number in range(MANY)} | {"new": now}
        rows = [row | {"key": key, "answered_at": at} for key, at in moments.items()]
        session.execute(sa.insert(ReplayRow), rows)
    with transactions(book.database) as deleted:
        ReplayCleanup(book.database, steady=steady()).work()
    assert (max(deleted), sum(deleted)) == (ROWS_AT_ONCE, MANY)
