"""The relay announces all that the journal holds, whatever Redis does meanwhile, and says what it still owes."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from uuid import UUID, uuid4

import pytest
import redis
import sqlalchemy as sa
from prometheus_client import REGISTRY

from chassis.redis import connect
from chassis.relay import Relay
from contracts.answers import HEAD, ledger_key
from contracts.journal import Bell, journal_stream, partition_of, stream_of
from services.expenses.models import LedgerRow
from tests.support.book import Book, migrated_book
from tests.support.databases import Databases
from tests.support.redis import RedisServer
from tests.support.waiting import until

STREAM = journal_stream(0)
BACKLOG = "outlay_entries_not_announced"
SINCE = "outlay_not_announced_since_timestamp_seconds"


@pytest.fixture
def book(databases: Databases) -> Iterator[Book]:
    url = databases.copy_of("book", lambda url: migrated_book(url).close())
    database = migrated_book(url)
    yield Book(database)
    database.close()
    databases.drop(url)


@pytest.fixture
def new_relay(book: Book, redis_server: RedisServer) -> Iterator[Callable[..., Relay]]:
    """Relays of one instance or of several; those that were started are stopped."""
    made: list[Relay] = []

    def make(partitions: int = 1) -> Relay:
        relay = Relay(book.database, book.journal, connect(redis_server.url), partial(stream_of, partitions=partitions))
        made.append(relay)
        return relay

    yield make
    for relay in made:
        if relay._thread.is_alive():
            relay.stop()


def gauge(name: str) -> float:
    found = REGISTRY.get_sample_value(name)
    assert found is not None
    return found


def announced(book: Book) -> dict[UUID, int]:
    with book.database.snapshot() as session:
        return {row.id: row.announced for row in session.execute(sa.select(LedgerRow.id, LedgerRow.announced))}


def rung(url: str, stream: str = STREAM) -> dict[UUID, list[int]]:
    """Revisions on a stream in their order, without what was rung again."""
    found: dict[UUID, list[int]] = defaultdict(list)
    with redis.Redis.from_url(url) as client:
        for _, fields in client.xrange(stream):
            bell = Bell.read(fields)
            assert bell.entry
            assert bell.entry.revision == bell.revision
            if bell.revision not in found[bell.ledger]:
                found[bell.ledger].append(bell.revision)
    return dict(found)


def test_what_is_written_while_redis_is_away_is_announced_when_it_returns(
    book: Book, new_relay: Callable[..., Relay], redis_server: RedisServer
) -> None:
    """2,000 entries of 20 ledgers: all, each ledger's in its order, and the gauges tell of them meanwhile."""
    ledgers = [uuid4() for _ in range(20)]
    relay = new_relay()
    relay.start()
    book.write_entries(ledgers[0], 0)
    until(lambda: announced(book) == {ledgers[0]: 1}, what="the relay to work at all")
    until(lambda: (gauge(BACKLOG), gauge(SINCE)) == (0, 0), what="the gauges to be at rest")

    redis_server.stop()
    before = time.time()
    for _ in range(2):
        for ledger in ledgers:
            book.write_entries(ledger, 50)
    relay.wake()
    until(lambda: gauge(BACKLOG) == 2019, what="the backlog to be told")
    assert before <= gauge(SINCE) <= time.time()
    assert announced(book) == dict.fromkeys(ledgers, 0) | {ledgers[0]: 1}

    redis_server.start()
    until(lambda: (gauge(BACKLOG), gauge(SINCE)) == (0, 0), what="all to be announced")
    assert announced(book) == dict.fromkeys(ledgers, 101)
    everything = {ledger: list(range(1, 102)) for ledger in ledgers}
    assert rung(redis_server.url) == everything | {ledgers[0]: list(range(2, 102))}  # its first was lost with Redis
    with redis.Redis.from_url(redis_server.url) as client:
        assert {client.hget(ledger_key(ledger), HEAD) for ledger in ledgers} == {b"101"}


def test_the_gauges_tell_of_what_another_instance_has_written(
    book: Book, new_relay: Callable[..., Relay], redis_server: RedisServer
) -> None:
    """Nobody wakes this relay: its clock does."""
    redis_server.stop()
    relay = new_relay()
    relay.start()
    book.write_entries(uuid4(), 4)
    until(lambda: gauge(BACKLOG) == 5, what="the clock to look")


def test_an_entry_that_the_stream_refuses_is_not_taken_for_announced(
    book: Book, new_relay: Callable[..., Relay], redis_server: RedisServer
) -> None:
    """One of two streams is not a stream: its ledgers wait, the others do not."""
    refused, taken = UUID(int=2), UUID(int=3)
    assert [partition_of(ledger, 2) for ledger in (refused, taken)] == [0, 1]
    relay = new_relay(2)
    for ledger in (refused, taken):
        book.write_entries(ledger, 9)
    with redis.Redis.from_url(redis_server.url) as client:
        client.set(STREAM, "in the way")
        with pytest.raises(redis.ResponseError, match="WRONGTYPE"):
            relay.announce_some()
        assert announced(book) == {refused: 0, taken: 10}
        assert gauge(SINCE) > 0
        client.delete(STREAM)
    assert relay.announce_some()
    assert announced(book) == {refused: 10, taken: 10}
    assert rung(redis_server.url) == {refused: list(range(1, 11))}
    assert rung(redis_server.url, journal_stream(1)) == {taken: list(range(1, 11))}


def test_a_stream_that_fills_up_half_way_holds_all_that_is_called_announced(
    book: Book, new_relay: Callable[..., Relay], redis_server: RedisServer
) -> None:
    """Redis is given room bit by bit: every version fills up elsewhere."""
    ledger = uuid4()
    book.write_entries(ledger, 199)
    relay = new_relay()
    stops: list[int] = []
    with redis.Redis.from_url(redis_server.url) as client:
        room = int(client.info("memory")["used_memory"])
        while announced(book)[ledger] < 200:
            room += 10_000
            client.config_set("maxmemory", room)
            with suppress(redis.ResponseError):
                relay.announce_some()
            stops.append(announced(book)[ledger])
            assert set(range(1, stops[-1] + 1)) <= set(rung(redis_server.url).get(ledger, []))
        client.config_set("maxmemory", 0)
    assert [stop for stop in stops if 0 < stop < 200], stops
    assert stops == sorted(stops)
    assert sorted(rung(redis_server.url)[ledger]) == list(range(1, 201))


def test_a_connection_that_breaks_half_way_rings_again(
    book: Book, new_relay: Callable[..., Relay], redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows what arrived: nothing is called announced, and twice rung is rung."""
    ledger = uuid4()
    book.write_entries(ledger, 9)
    execute = redis.client.Pipeline.execute

    def breaking(pipeline: redis.client.Pipeline, *args: object, **options: object) -> object:
        execute(pipeline, *args, **options)  # type: ignore[arg-type]  # handed on as they came
        raise redis.ConnectionError("the answer never came")

    relay = new_relay()
    with monkeypatch.context() as broken:
        broken.setattr(redis.client.Pipeline, "execute", breaking)
        with pytest.raises(redis.ConnectionError):
            relay.announce_some()
    assert announced(book) == {ledger: 0}
    assert relay.announce_some()
    assert rung(redis_server.url) == {ledger: list(range(1, 11))}


def test_several_relays_lower_nothing(book: Book, new_relay: Callable[..., Relay]) -> None:
    ledger = uuid4()
    book.write_entries(ledger, 9)
    fast, slow = new_relay(), new_relay()
    with book.database.snapshot() as session:
        stale = book.journal.entries(session, ledger, 0, limit=3)
    assert fast.announce_some()
    assert slow._ring([(ledger, stale)])[1] is None
    with book.database.write() as session:
        book.journal.mark_announced(session, ledger, stale[-1].revision)
    assert announced(book) == {ledger: 10}
    assert not slow.announce_some()
