"""However little a request sends: what it writes, holds up and answers is bounded."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from chassis.database.engine import Database
from chassis.journal.action import Action
from chassis.journal.journal import new_entry_id
from chassis.process.secret_urls import SecretUrlValue
from contracts.book import EXPENSE, ExpenseImage
from contracts.ids import ExpenseId, LedgerId
from contracts.journal import MAX_ENTRY_BYTES, Change, Via
from services.expenses.categories.repository import CategoryRepository
from services.expenses.ledger.limits import MAX_ACTION_BYTES, MAX_PAGE_BYTES
from services.expenses.ledger.tables import EntryRow
from services.expenses.payments.queries import ListQuery
from services.expenses.payments.repository import ExpenseRepository
from services.expenses.payments.schemas import Batch, ExpenseIn, ExpensePage
from tests.support.book import Book, migrated_book, owner_of, read_of, write_to
from tests.support.client import ApiResponse
from tests.support.databases import Databases
from tests.support.ledger_services import LedgerServices, LedgerUser, ledger_services
from tests.support.redis import RedisServer

LONG_NOTE = "\N{GRINNING FACE}" * 2_000
"""8 KB."""


def record_many(user: LedgerUser, count: int, **expense: Any) -> list[str]:
    """So many equal expenses; their ids."""
    ids: list[str] = []
    while len(ids) < count:
        create = [{"amount": "1", "category": "Food", **expense}] * min(50, count - len(ids))
        body = json.dumps({"create": create}, ensure_ascii=False).encode()
        response = user.book.call("POST", "/api/v1/expenses/batch", raw=body)
        assert response.status == 200, response.body
        ids += [item["id"] for item in response.json["created"]]
    return ids


def correct_all(user: LedgerUser, ids: list[str]) -> ApiResponse:
    return user.book.post("/api/v1/expenses/batch", {"update": [{"id": id_, "amount": "2"} for id_ in ids]})


def entry_sizes(url: SecretUrlValue, ledger: LedgerId) -> list[int]:
    database = Database(url)
    with database.snapshot() as session:
        sizes = [len(pairs.encode()) for pairs in session.scalars(sa.select(EntryRow.pairs).filter_by(ledger=ledger))]
    database.close()
    return sizes


@pytest.fixture
def book(database_url: str) -> Iterator[Book]:
    database = migrated_book(database_url)
    yield Book(database)
    database.close()


def test_a_small_request_that_would_write_megabytes_is_refused_and_changes_nothing(user: LedgerUser) -> None:
    ids = record_many(user, 300, note=LONG_NOTE)
    before = user.book.get("/api/v1/expenses?limit=1").revision

    response = correct_all(user, ids)

    assert (response.status, response.json["type"]) == (413, "urn:outlay:problem:too-large")
    assert response.json["detail"].startswith("One request may change 1 MB at most")
    assert user.book.get("/api/v1/expenses?limit=1").revision == before


def test_deleting_too_much_at_once_is_refused_as_well(user: LedgerUser) -> None:
    ids = record_many(user, 300, note=LONG_NOTE)
    assert user.book.post("/api/v1/expenses/batch", {"delete": ids}).status == 413
    assert user.book.post("/api/v1/expenses/batch", {"delete": ids[:100]}).status == 200


def test_a_large_action_is_several_entries_that_are_undone_as_one(user: LedgerUser, services: LedgerServices) -> None:
    before = user.book.get("/api/v1/expenses?limit=1").revision
    new = [{"amount": "1", "category": f"Category {number}"} for number in range(500)]

    changed = user.book.post("/api/v1/expenses/batch", {"create": new})

    entries = user.book.get(f"/api/v1/journal?after={before}").json["items"]
    assert changed.status == 200, changed.body
    assert {entry["action_id"] for entry in entries} == {changed.headers["Outlay-Action"]}
    assert changed.revision - before == len(entries) == 2, "500 expenses and 500 categories"
    assert max(entry_sizes(services.expenses_settings.database_url, user.ledger)) < MAX_ENTRY_BYTES
    undone = user.book.post(f"/api/v1/journal/{changed.headers['Outlay-Action']}/undo", None)
    assert undone.json["undone"] == 1000
    assert user.book.get("/api/v1/expenses").json["items"] == []


def test_what_an_older_version_accepted_can_still_be_undone(book: Book) -> None:
    caller = owner_of(LedgerId(uuid4()))
    book.expenses.record(write_to(caller), ExpenseIn(amount="1", category="Food"))
    action = Action.new("change_expenses", caller.account, Via.API)
    with book.database.write() as session:
        row = book.journal.take_revision(session, caller.ledger)
        [category] = CategoryRepository(session, caller.ledger).every()
        image = ExpenseImage.model_validate(
            {"amount": "1", "minor": 100, "currency": "EUR", "category": category, "merchant": None}
            | {"note": LONG_NOTE, "spent_on": "2026-01-01"}
        )
        images = [(ExpenseId(new_entry_id()), image) for _ in range(400)]
        ExpenseRepository(session, caller.ledger).insert(images)
        after = image.model_dump(mode="json")
        pairs = [Change(kind=EXPENSE, id=id_, before=None, after=after) for id_, _ in images]
        assert row is not None
        assert sum(pair.size for pair in pairs) > MAX_ACTION_BYTES
        book.journal.append(session, row, action, pairs)
    written = book.ledgers.undo_action(write_to(caller), action.id, skip=False)
    assert '"undone":400' in written.body


def test_a_page_of_the_list_ends_at_its_bytes_and_the_next_goes_on(user: LedgerUser) -> None:
    ids = record_many(user, 300, note=LONG_NOTE)
    seen, cursor, pages = [], "", 0
    while True:
        response = user.book.get(f"/api/v1/expenses?limit=500{cursor}")
        assert len(response.body) < MAX_PAGE_BYTES * 1.2
        pages += 1
        seen += [item["id"] for item in response.json["items"]]
        if response.json["next_cursor"] is None:
            break
        cursor = f"&cursor={response.json['next_cursor']}"
    assert pages > 2
    assert sorted(seen) == sorted(ids)


def test_a_page_of_the_journal_ends_at_its_bytes_and_the_next_goes_on(user: LedgerUser) -> None:
    record_many(user, 300, note=LONG_NOTE)
    entries: list[Any] = []
    pages, head = 0, 1
    while len(entries) < head:
        response = user.book.get(f"/api/v1/journal?limit=500&after={len(entries)}")
        entries, head, pages = entries + response.json["items"], response.json["head"], pages + 1
        assert len(response.body) < MAX_PAGE_BYTES * 1.2
    assert [entry["revision"] for entry in entries] == list(range(1, head + 1))
    assert [len(entry["pairs"]) for entry in entries] == [1, 51, 50, 50, 50, 50, 50]
    assert entries[-1]["pairs"][0]["after"]["note"] == LONG_NOTE
    assert pages > 2
    assert user.book.get(f"/api/v1/journal?after={head}").json == {"items": [], "head": head}


@pytest.fixture(scope="module")
def limited_services(databases: Databases, shared_redis: RedisServer) -> Iterator[LedgerServices]:
    with ledger_services(databases, shared_redis.url, expenses_max_categories=3) as running:
        yield running


def test_a_ledger_has_as_many_categories_as_the_operator_allows(limited_services: LedgerServices) -> None:
    user = limited_services.new_user()
    for name in ("A", "B", "C"):
        user.record(category=name)

    refused = [
        user.book.post("/api/v1/expenses", {"amount": "1", "category": "D"}),
        user.book.post("/api/v1/expenses/batch", {"create": [{"amount": "1", "category": "a"}] * 2 + [NEW]}),
        user.book.patch(f"/api/v1/expenses/{user.record(category='C')['id']}", {"category": "D"}),
    ]

    assert {(response.status, response.json["type"]) for response in refused} == {
        (422, "urn:outlay:problem:limit-reached")
    }
    assert "3 categories" in refused[0].json["detail"]
    assert [response.json["errors"][0]["pointer"] for response in refused] == [
        "/category",
        "/create/2/category",
        "/category",
    ]
    assert [item["name"] for item in user.book.get("/api/v1/categories").json["items"]] == ["A", "B", "C"]
    assert user.record(category="b")["category"] == "B", "those that are there can be used"


NEW = {"amount": "1", "category": "Something else"}


def test_categories_come_in_pages(user: LedgerUser) -> None:
    names = [f"Category {number:02}" for number in range(7)]
    create = [{"amount": "1", "category": name} for name in names]
    assert user.book.post("/api/v1/expenses/batch", {"create": create}).status == 200
    first = user.book.get("/api/v1/categories?limit=4").json
    second = user.book.get(f"/api/v1/categories?limit=4&cursor={first['next_cursor']}").json
    assert [item["name"] for item in first["items"] + second["items"]] == names
    assert second["next_cursor"] is None
    assert user.book.get("/api/v1/categories").json["next_cursor"] is None, "usually one page holds all"
    assert user.book.get("/api/v1/categories?cursor=%C3%A4").status == 400


def test_a_request_reads_only_the_categories_that_it_names(book: Book) -> None:
    caller = owner_of(LedgerId(uuid4()))
    create = [ExpenseIn(amount="1", category=f"Category {number}") for number in range(100)]
    book.expenses.change(write_to(caller), Batch(create=create))
    query = ListQuery(limit=1)
    page = ExpensePage.model_validate_json(book.expenses.list(read_of(caller), query).body)
    rows = _category_rows_read(book.database)

    written = book.expenses.record(write_to(caller), ExpenseIn(amount="1", category="category 7"))
    book.expenses.read(read_of(caller), page.items[0].id)
    book.expenses.list(read_of(caller), query)
    assert written.action is not None
    book.ledgers.undo_action(write_to(caller), written.action, skip=False)

    assert 0 < sum(rows) <= 5


def _category_rows_read(database: Database) -> list[int]:
    """Grows by the rows of each later statement that reads categories."""
    rows: list[int] = []

    @sa.event.listens_for(database.engine, "before_cursor_execute")
    def _count(conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT") and "FROM categories" in statement:
            counted = conn.connection.cursor()
            counted.execute(f"SELECT count(*) FROM ({statement}) AS found", parameters)  # noqa: S608 - our own
            rows.append(counted.fetchone()[0])

    return rows
