"""However entries arrive (late, twice, out of order, with gaps, from another history), totals end up right."""

import json
import random
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.database.engine import Database
from chassis.redis.client import connect
from contracts.ids import LedgerId
from contracts.journal import JournalEntry, StreamMessage
from contracts.response_cache import HEAD, ledger_key
from services.expenses.ledger.tables import EntryRow, LedgerRow
from services.expenses.payments.tables import ExpenseRow
from services.insights.consumer import Consumer, handlers
from services.insights.projections.checkpoints import CHECKPOINTS
from services.insights.tables import ParkedRow
from tests.support.book import restore_to_revision
from tests.support.databases import Databases
from tests.support.ledger_services import LedgerServices, LedgerUser, ledger_services
from tests.support.redis import RedisServer
from tests.support.waiting import until

DAY = "2026-05-05"
QUERY = f"/api/v1/summary?from={DAY}&to={DAY}"


def total(user: LedgerUser, revision: int) -> str:
    response = user.totals.get(QUERY, Outlay_Min_Revision=str(revision))
    assert response.status == 200, response.body
    found: str = response.json["total"]
    return found


def messages_of(user: LedgerUser) -> list[StreamMessage]:
    entries = user.book.get("/api/v1/journal?limit=500").json["items"]
    found = [JournalEntry.model_validate(entry) for entry in entries]
    return [StreamMessage(ledger=entry.ledger, revision=entry.revision, entry=entry) for entry in found]


def checkpoint(database: Database, ledger: LedgerId) -> int:
    with database.snapshot() as session:
        return CHECKPOINTS.of(session, [ledger])[ledger].revision


def test_any_order_any_number_of_times(services: LedgerServices) -> None:
    user, chance = services.new_user(), random.Random(11)
    for number in range(1, 21):
        user.record(str(number), spent_on=DAY)
    components, database = services.components()
    for _ in range(10):
        published = [chance.choice(messages_of(user)) for _ in range(30)]
        components.reader.apply_messages(
            [message.model_copy(update={"entry": None}) if chance.random() < 0.3 else message for message in published]
        )
    components.reader.apply_messages([StreamMessage(ledger=user.ledger, revision=21)])
    assert checkpoint(database, user.ledger) == 21
    assert total(user, 21) == "210.00"
    database.close()


def test_a_sweep_that_finds_nothing_missing_does_not_query_ledger_by_ledger(services: LedgerServices) -> None:
    for _ in range(5):
        services.new_user().record(spent_on=DAY)
    components, database = services.components()
    components.sweep.run()
    queries: list[str] = []

    @sa.event.listens_for(database.engine, "before_cursor_execute")
    def _note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM checkpoints" in statement:
            queries.append(statement)

    assert components.sweep.run() == 0
    assert len(queries) == 2, "one for what is missing, one for the revisions to repeat"
    database.close()


def test_a_ledger_with_an_entry_that_cannot_be_read_is_set_aside_alone(services: LedgerServices) -> None:
    user, other = services.new_user(), services.new_user()
    user.record("1", spent_on=DAY)
    assert total(user, 2) == "1.00"
    user.record("2", spent_on=DAY)
    user.record("4", spent_on=DAY)
    other.record("8", spent_on=DAY)
    book = Database(services.expenses_settings.database_url)
    with book.write() as session:
        third = sa.select(EntryRow).where(EntryRow.ledger == user.account, EntryRow.revision == 3)
        row = session.scalars(third).one()
        healthy = row.pairs
        row.pairs = json.dumps([pair | {"after": {"minor": "much"}} for pair in json.loads(healthy)])
    components, database = services.components()
    components.sweep.run()
    assert total(other, 2) == "8.00"
    seen = user.totals.get(QUERY, Outlay_Min_Revision="4")
    assert (seen.json["total"], seen.headers["outlay-parked-revision"]) == ("1.00", "3")
    with book.write() as session:
        session.execute(sa.update(EntryRow).where(EntryRow.id == row.id).values(pairs=healthy))
    with database.write() as session:
        assert CHECKPOINTS.parked(session, [user.ledger]) == {user.account: 3}
        CHECKPOINTS.unpark(session, user.ledger)
    assert total(user, 4) == "7.00"
    book.close()
    database.close()


def test_a_book_put_back_to_an_older_backup_is_noticed_and_read_again(services: LedgerServices) -> None:
    user = services.new_user()
    first = user.record("1", spent_on=DAY)
    user.record("2", spent_on=DAY)
    assert total(user, 3) == "3.00"
    book = Database(services.expenses_settings.database_url)
    restore_to_revision(book, user.ledger, 2)
    with book.write() as session:
        expenses = sa.delete(ExpenseRow).where(ExpenseRow.ledger == user.account)
        session.execute(expenses.where(ExpenseRow.id != UUID(first["id"])))
    user.record("4", spent_on=DAY)
    assert total(user, 3) == "5.00", "the same revision number, another history"
    book.close()


def test_ready_answers_of_a_history_that_is_gone_are_gone_too(services: LedgerServices) -> None:
    """Else the gateway, which knows heads alone, would serve them until they are five minutes old."""
    user = services.new_user()
    for amount in ("1", "2", "4", "8"):
        user.record(amount, spent_on=DAY)
    assert total(user, 5) == "15.00"
    hash_ = ledger_key(user.ledger)
    with connect(services.insights_settings.redis_url) as client:
        assert (client.hget(hash_, HEAD), client.hlen(hash_)) == (b"5", 3), "with the fence"
        book = Database(services.expenses_settings.database_url)
        restore_to_revision(book, user.ledger, 2)
        components, database = services.components()
        components.sweep.run()
        assert (client.hget(hash_, HEAD), client.hlen(hash_)) == (b"2", 1)
    assert total(user, 2) == "1.00"
    book.close()
    database.close()


@pytest.mark.parametrize("databases", ["sqlite", "postgresql"], indirect=True)
def test_redis_away_wiped_and_back(databases: Databases, redis_server: RedisServer) -> None:
    """Writes and own reads go on without Redis; when it returns, the consumer takes everything in by itself."""
    with ledger_services(databases, redis_server.url) as running:
        components, database = running.components()
        settings = running.insights_settings
        consumer = Consumer(connect(redis_server.url), handlers(settings, components.reader), components.sweep.run)
        consumer.start()
        user = running.new_user()
        user.record("1", spent_on=DAY)
        until(lambda: checkpoint(database, user.ledger) == 2, what="the first entry to be taken in")
        redis_server.stop()
        for number in range(2, 12):
            user.record(str(number), spent_on=DAY)
        assert total(user, 12) == "66.00"
        other = running.new_user()
        other.record("5", spent_on=DAY)
        redis_server.start()
        until(lambda: checkpoint(database, other.ledger) == 2, what="what was never published to be applied")
        redis_server.clear()
        other.record("6", spent_on=DAY)
        until(lambda: checkpoint(database, other.ledger) == 3, what="the group to be made anew")
        until(lambda: announced(running), what="everything to be announced")
        consumer.stop()
        database.close()


def announced(running: LedgerServices) -> bool:
    book = Database(running.expenses_settings.database_url)
    with book.snapshot() as session:
        waiting = session.scalar(sa.select(sa.func.count()).where(LedgerRow.announced < LedgerRow.head))
    book.close()
    return waiting == 0


def test_parked_is_the_exception(services: LedgerServices) -> None:
    _, database = services.reader()
    with database.snapshot() as session:
        assert session.scalars(sa.select(ParkedRow)).all() == []
    database.close()
