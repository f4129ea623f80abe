"""How much an account may store and have written, whatever number of requests that is."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from chassis.database import migrations
from chassis.database.engine import Database
from chassis.errors import TooManyRequests
from contracts.erasure import ErasureOrder
from contracts.ids import UserId
from services.expenses.ledger.tables import EntryRow
from services.expenses.ledger.work_limit import CHANGE, MAX_ACCOUNTS, RESERVED, WorkLimit
from services.expenses.migrations import FOLDER
from tests.support.book import Book
from tests.support.client import ApiResponse
from tests.support.databases import Databases
from tests.support.ledger_services import LedgerServices, LedgerUser, ledger_services
from tests.support.old_schemas import insert, upgrade_to
from tests.support.redis import RedisServer

NOTE = "n" * 2_000


@pytest.fixture(scope="module")
def limited_services(databases: Databases, shared_redis: RedisServer) -> Iterator[LedgerServices]:
    """One megabyte a minute for each account."""
    with ledger_services(databases, shared_redis.url, expenses_write_mb_per_minute=1) as running:
        yield running


@pytest.fixture(scope="module")
def quota_services(databases: Databases, shared_redis: RedisServer) -> Iterator[LedgerServices]:
    """One megabyte for each owner."""
    with ledger_services(databases, shared_redis.url, expenses_quota_mb=1) as running:
        yield running


def batch(user: LedgerUser, count: int, **expense: Any) -> ApiResponse:
    create = [{"amount": "1", "category": "Food", "note": NOTE, **expense}] * count
    return user.book.post("/api/v1/expenses/batch", {"create": create})


def held(user: LedgerUser) -> int:
    count: int = user.book.get("/api/v1/ledger").json["stored_bytes"]
    return count


def test_a_full_ledger_takes_nothing_more_but_can_be_emptied_and_exported(quota_services: LedgerServices) -> None:
    user = quota_services.new_user()
    first = batch(user, 200)
    assert first.status == 200
    before = held(user)

    refused = batch(user, 300)

    assert (refused.status, refused.json["type"]) == (413, "urn:outlay:problem:storage-full")
    assert "1 MB" in refused.json["detail"]
    assert held(user) == before > 400_000
    one, other, third = (item["id"] for item in first.json["created"][:3])
    rest = [item["id"] for item in first.json["created"][3:]]
    assert batch(user, 200).status == 200
    assert batch(user, 200).status == 413
    assert user.book.post("/api/v1/expenses/batch", {"delete": rest}).status == 200
    assert user.book.patch(f"/api/v1/expenses/{one}", {"note": None}).status == 200, "it becomes smaller"
    assert user.book.patch(f"/api/v1/expenses/{other}", {"note": "m" * 2_000}).status == 413
    assert user.book.delete(f"/api/v1/expenses/{third}").status == 204
    assert user.book.get("/api/v1/export").status == 200


def test_all_ledgers_of_an_owner_count_and_no_others(quota_services: LedgerServices) -> None:
    user, other = quota_services.new_user(), quota_services.new_user()
    assert batch(user, 400).status == 200
    assert batch(user, 400).status == 413
    assert batch(other, 400).status == 200


def test_what_is_counted_is_what_the_journal_holds(quota_services: LedgerServices) -> None:
    user = quota_services.new_user()
    response = batch(user, 3)
    user.book.delete(f"/api/v1/expenses/{response.json['created'][0]['id']}")
    database = Database(quota_services.expenses_settings.database_url)
    with database.snapshot() as session:
        texts = session.scalars(sa.select(EntryRow.pairs).filter_by(ledger=user.account)).all()
        listed = Book(database).feed.stored()
    database.close()
    assert abs(sum(map(len, texts)) - held(user)) < 500, "the first entry and some punctuation are left out"
    assert listed.total_bytes >= held(user)


def test_an_erased_ledger_holds_nothing(quota_services: LedgerServices) -> None:
    user = quota_services.new_user()
    batch(user, 3)
    database = Database(quota_services.expenses_settings.database_url)
    book = Book(database)
    before = book.feed.stored().total_bytes
    freed = held(user)
    order = ErasureOrder(receipt=uuid4(), account=None, ledgers=(user.ledger,))
    book.erasure.erase(order)
    assert book.feed.stored().total_bytes == before - freed
    database.close()


def test_the_journals_that_were_there_before_are_counted(database_url: str) -> None:
    database, ledger = Database(database_url), uuid4()
    with database.write() as session:
        upgrade_to(session, FOLDER, "0004")
        text = "\N{GRINNING FACE}" * 100
        row = {"id": ledger, "head": 2, "tail": uuid4(), "announced": 2}
        insert(session, "ledgers", row | {"currency": "EUR", "time_zone": "UTC", "locale": "en"})
        for revision in (1, 2):
            entry = {"ledger": ledger, "revision": revision, "id": uuid4(), "action_id": uuid4(), "action": "test"}
            more = {"via": "api", "version": 1, "pairs": text, "occurred_at": sa.func.current_timestamp()}
            insert(session, "journal", entry | more)
    migrations.upgrade(database, FOLDER)
    assert Book(database).feed.stored().model_dump() == {
        "total_bytes": 800,
        "ledgers": ({"ledger": ledger, "stored_bytes": 800},),
    }
    database.close()


def test_large_writes_use_up_a_minutes_work_and_others_go_on(limited_services: LedgerServices) -> None:
    user, other = limited_services.new_user(), limited_services.new_user()
    answers = [batch(user, 400) for _ in range(3)]
    assert [response.status for response in answers] == [200, 429, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert user.book.get("/api/v1/expenses").status == 200, "reading goes on"
    assert other.record()["amount"] == "12.50"


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def spend(limit: WorkLimit, account: Any, changes: int, cost: int) -> None:
    with limit.spending(account, changes) as work:
        work.cost = cost


def test_a_budget_is_refilled_evenly_and_never_owes_more_than_a_minute() -> None:
    clock, account = _Clock(), uuid4()
    limit = WorkLimit(60 * CHANGE, clock)
    spend(limit, account, 1, 60 * CHANGE)
    with pytest.raises(TooManyRequests):
        spend(limit, account, 1, 0)
    clock.now += 1
    spend(limit, account, 1, 1_000 * CHANGE)
    with pytest.raises(TooManyRequests) as refused:
        spend(limit, account, 1, 0)
    assert refused.value.headers["Retry-After"] == "60"
    clock.now += 61
    spend(limit, account, 1, 1)


def test_a_request_that_is_refused_costs_what_it_might_have_changed() -> None:
    clock, account = _Clock(), UserId(uuid4())
    limit = WorkLimit(10 * RESERVED, clock)
    with pytest.raises(ValueError, match="no"), limit.spending(account, 10):
        raise ValueError("no")
    with pytest.raises(TooManyRequests):
        spend(limit, account, 1, 0)


@pytest.mark.parametrize("pause", [0, 60])
def test_a_bounded_number_of_accounts_is_remembered(pause: int) -> None:
    """Also where none of their budgets is full again."""
    clock, busy = _Clock(), uuid4()
    limit = WorkLimit(CHANGE, clock)
    for number in range(MAX_ACCOUNTS + 500):
        spend(limit, uuid4(), 1, CHANGE // 2)
        if number % 1_000 == 0:
            spend(limit, busy, 0, 1)
        clock.now += pause
    assert len(limit._budgets) == MAX_ACCOUNTS == 10_000
    assert busy in limit._budgets
