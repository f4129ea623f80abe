"""A unit of work: rows and journal change together, or not at all."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from pydantic import BaseModel

from chassis.errors import NotFound
from contracts.book import CATEGORY, CategoryImage
from contracts.ids import LedgerId
from services.expenses.categories.repository import CategoryRepository
from services.expenses.ledger.requests import WriteRequest
from services.expenses.payments.schemas import ExpenseIn
from tests.support.book import Book, migrated_book, owner_of, write_to

FOOD = CategoryImage(name="Food")


class Body(BaseModel):
    """A request body, and a response."""

    text: str = "done"


@pytest.fixture
def book(database_url: str) -> Iterator[Book]:
    database = migrated_book(database_url)
    yield Book(database)
    database.close()


@pytest.fixture
def request_(book: Book) -> WriteRequest:
    """A request to a ledger that is open, at revision 2, with one category."""
    request = write_to(owner_of(LedgerId(uuid4())))
    book.expenses.record(request, ExpenseIn(amount="1", category="Rent"))
    return request


def state(book: Book, request: WriteRequest) -> tuple[int, list[str]]:
    """The journal's head, and the names of the categories."""
    with book.database.snapshot() as session:
        head = book.journal.head(session, request.ledger)
        names = [image.name for image in CategoryRepository(session, request.ledger).every().values()]
    assert head is not None
    return head.head, names


def test_a_row_and_its_change_are_stored_by_one_call(book: Book, request_: WriteRequest) -> None:
    with book.writer.begin(request_, "test") as uow:
        uow.save(CATEGORY, uuid4(), None, FOOD)
        result = uow.commit(Body())
    assert (result.revision, result.body) == (3, '{"text":"done"}')
    assert state(book, request_) == (3, ["Food", "Rent"])


def test_nothing_is_stored_where_the_block_raises(book: Book, request_: WriteRequest) -> None:
    def work() -> None:
        with book.writer.begin(request_, "test") as uow:
            uow.save(CATEGORY, uuid4(), None, FOOD)
            uow.flush()
            raise NotFound

    with pytest.raises(NotFound):
        work()
    assert state(book, request_) == (2, ["Rent"])


def test_a_block_that_forgets_to_commit_is_an_error_and_stores_nothing(book: Book, request_: WriteRequest) -> None:
    def work() -> None:
        with book.writer.begin(request_, "test") as uow:
            uow.save(CATEGORY, uuid4(), None, FOOD)

    with pytest.raises(RuntimeError, match="committed"):
        work()
    assert state(book, request_) == (2, ["Rent"])


def test_without_a_change_there_is_no_entry_and_no_revision(book: Book, request_: WriteRequest) -> None:
    with book.writer.begin(request_, "test") as uow:
        uow.save(CATEGORY, uuid4(), FOOD, FOOD)
        result = uow.commit(Body())
    assert (result.revision, result.action) == (2, None)
    assert state(book, request_) == (2, ["Rent"])


def test_an_entity_that_is_created_changed_and_deleted_in_one_action_is_gone(
    book: Book, request_: WriteRequest
) -> None:
    id_, other = uuid4(), CategoryImage(name="Fun")
    with book.writer.begin(request_, "test") as uow:
        for before, after in ((None, FOOD), (FOOD, other), (other, None)):
            uow.save(CATEGORY, id_, before, after)
        uow.commit(Body())
    assert state(book, request_) == (3, ["Rent"])


def test_a_request_that_was_committed_before_has_its_result_and_can_change_nothing(
    book: Book, request_: WriteRequest
) -> None:
    keyed = write_to(request_.caller, key="one")
    with book.writer.begin(keyed, "test", Body()) as uow:
        uow.save(CATEGORY, uuid4(), None, FOOD)
        first = uow.commit(Body())
    with book.writer.begin(keyed, "test", Body()) as uow:
        assert uow.replay is not None
        assert (uow.replay.body, uow.replay.revision, uow.replay.replayed) == (first.body, first.revision, True)
        with pytest.raises(RuntimeError, match="before"):
            uow.save(CATEGORY, uuid4(), None, CategoryImage(name="Fun"))
    assert state(book, request_) == (3, ["Food", "Rent"])
