"""The relay announces all that the journal holds, whatever Redis does meanwhile, and says what it still owes."""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
import redis
import sqlalchemy as sa

from chassis.journal import relay as relay_module
from chassis.journal.pages import decode
from chassis.journal.relay import LEDGERS_AT_ONCE, Relay, UnpublishedLedger
from contracts.ids import LedgerId
from contracts.journal import MAX_ANNOUNCED_BYTES, JournalEntry, StreamMessage, journal_stream, partition_of
from contracts.response_cache import HEAD, ledger_key
from services.expenses.ledger.tables import EntryRow
from tests.support.book import Book
from tests.support.redis import RedisServer
from tests.support.relay_state import announced, gauge, published
from tests.support.waiting import until

BACKLOG = "outlay_entries_not_announced"
SINCE = "outlay_not_announced_since_timestamp_seconds"


def test_what_is_written_while_redis_is_away_is_announced_when_it_returns(
    book: Book, new_relay: Callable[..., Relay], redis_server: RedisServer
) -> None:
    """2,000 entries of 20 ledgers: all, each ledger's in its order, and the gauges tell of them meanwhile."""
    ledgers = [uuid4() for _ in range(20)]
    relay = new_relay()
    relay.start()
    book.write_entries(LedgerId(ledgers[0]), 0)
    until(lambda: announced(book) == {ledgers[0]: 1}, what="the relay to work at all")
    until(lambda: (gauge(BACKLOG), gauge(SINCE)) == (0, 0), what="the gauges to be at rest")

    redis_server.stop()
    before = time.time()
    for _ in range(2):
        for ledger in ledgers:
            book.write_entries(LedgerId(ledger), 50)
    relay.wake()
    until(lambda: gauge(BACKLOG) == 2019, what="the backlog to be told")
    assert before <= gauge(SINCE) <= time.time()
    assert announced(book) == dict.fromkeys(ledgers, 0) | {ledgers[0]: 1}

    redis_server.start()
    until(lambda: (gauge(BACKLOG), gauge(SINCE)) == (0, 0), what="all to be announced")
    assert announced(book) == dict.fromkeys(ledgers, 101)
    everything = {ledger: list(range(1, 102)) for ledger in ledgers}
    assert published(redis_server.url) == everything | {
        ledgers[0]: list(range(2, 102))
    }  # its first was lost with Redis
    with redis.Redis.from_url(redis_server.url) as client:
        assert {client.hget(ledger_key(LedgerId(ledger)), HEAD) for ledger in ledgers} == {b"101"}


def test_the_gauges_tell_of_what_another_instance_has_written(
    book: Book, new_relay: Callable[..., Relay], redis_server: RedisServer
) -> None:
    """Only its timer wakes this relay."""
    redis_server.stop()
    relay = new_relay()
    relay.start()
    book.write_entries(LedgerId(uuid4()), 4)
    until(lambda: gauge(BACKLOG) == 5, what="the clock to look")


def test_an_entry_that_the_stream_refuses_is_not_taken_for_announced(
    book: Book, new_relay: Callable[..., Relay], redis_server: RedisServer
) -> None:
    """One of two streams may not be written: its ledgers wait, the others do not."""
    refused, taken = UUID(int=2), UUID(int=3)
    assert [partition_of(LedgerId(ledger), 2) for ledger in (refused, taken)] == [0, 1]
    relay = new_relay(2)
    for ledger in (refused, taken):
        book.write_entries(LedgerId(ledger), 9)
    with redis.Redis.from_url(redis_server.url) as client:
        client.acl_setuser(
            "default", enabled=True, keys=[journal_stream(1), "outlay:ledger:*", "outlay:{lease}*"], reset_keys=True
        )
        with pytest.raises(redis.ResponseError, match=r"(?i)no permissions"):
            relay.publish_some()
        assert announced(book) == {refused: 0, taken: 10}
        assert gauge(SINCE) > 0
        client.acl_setuser("default", enabled=True, keys=["*"], reset_keys=True)
    assert relay.publish_some()
    assert announced(book) == {refused: 10, taken: 10}
    assert published(redis_server.url) == {refused: list(range(1, 11))}
    assert published(redis_server.url, journal_stream(1)) == {taken: list(range(1, 11))}


def test_a_stream_that_fills_up_half_way_holds_all_that_is_called_announced(
    book: Book, new_relay: Callable[..., Relay], redis_server: RedisServer
) -> None:
    """Redis is given room bit by bit. The entries outweigh its own buffers, so that it fills up among them."""
    ledger = LedgerId(uuid4())
    book.write_entries(ledger, 199, "x" * 4_000)
    relay = new_relay()
    stops: list[int] = []
    full_at: list[int] = []
    with redis.Redis.from_url(redis_server.url) as client:
        room = int(client.info("memory")["used_memory"])
        while announced(book)[ledger] < 200:
            room += 10_000
            client.config_set("maxmemory", room)
            try:
                relay.publish_some()
            except redis.ResponseError:
                full_at.append(announced(book)[ledger])
            stops.append(announced(book)[ledger])
            assert not stops[-1] or max(published(redis_server.url)[ledger]) >= stops[-1], "the newest made way"
        client.config_set("maxmemory", 0)
    assert [stop for stop in full_at if 0 < stop < 200], stops
    assert stops == sorted(stops)
    assert max(published(redis_server.url)[ledger]) == 200


def test_a_connection_that_breaks_half_way_publishes_again(
    book: Book, new_relay: Callable[..., Relay], redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is unknown what arrived: nothing is marked as announced, and publishing twice is harmless."""
    ledger = LedgerId(uuid4())
    book.write_entries(ledger, 9)
    execute = redis.client.Pipeline.execute

    def breaking(pipeline: redis.client.Pipeline, *args: object, **options: object) -> object:
        execute(pipeline, *args, **options)  # type: ignore[arg-type]  # handed on as they came
        raise redis.ConnectionError("the answer never came")

    relay = new_relay()
    with monkeypatch.context() as broken:
        broken.setattr(redis.client.Pipeline, "execute", breaking)
        with pytest.raises(redis.ConnectionError):
            relay.publish_some()
    assert announced(book) == {ledger: 0}
    assert relay.publish_some()
    assert published(redis_server.url) == {ledger: list(range(1, 11))}


def test_an_entry_that_is_not_sent_is_not_decoded(
    book: Book, new_relay: Callable[..., Relay], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a large entry only its revision is announced; and one packet holds only the first of many small ones."""
    large, small = LedgerId(uuid4()), LedgerId(uuid4())
    book.write_entries(large, 5, "x" * (MAX_ANNOUNCED_BYTES + 1))
    book.write_entries(small, 100, "x" * 4_000)
    decoded: list[int] = []

    def counting(row: sa.Row[Any]) -> JournalEntry:
        decoded.append(row.revision)
        return decode(row)

    monkeypatch.setattr(relay_module, "decode", counting)
    assert new_relay().publish_some()
    announced_now = announced(book)
    assert announced_now[large] == 6
    assert announced_now[small] < 100
    assert len(decoded) == 1 + announced_now[small] + 1, "the large ledger's first, and the one that ended the packet"


def test_several_relays_lower_nothing(book: Book, new_relay: Callable[..., Relay]) -> None:
    ledger = LedgerId(uuid4())
    book.write_entries(ledger, 9)
    fast, slow = new_relay(), new_relay()
    with book.database.snapshot() as session:
        stale = book.journal.rows(session, ledger, 0, limit=3, most_bytes=1_000_000)
    assert fast.publish_some()
    assert slow._publish([UnpublishedLedger(ledger, 10, stale)])[1] is None
    with book.database.write() as session:
        book.journal.mark_announced(session, ledger, stale[-1].revision)
    assert announced(book) == {ledger: 10}
    assert not slow.publish_some()


def test_a_refused_multitude_keeps_no_other_ledger_waiting(
    book: Book, new_relay: Callable[..., Relay], redis_server: RedisServer
) -> None:
    """More ledgers than the relay looks at in one go wait for a stream that takes nothing."""
    refused, taken = [LedgerId(UUID(int=2 * n)) for n in range(1, LEDGERS_AT_ONCE + 20)], LedgerId(UUID(int=2**20 + 1))
    relay = new_relay(2)
    for ledger in (*refused, taken):
        book.write_entries(ledger, 0)
    with redis.Redis.from_url(redis_server.url) as client:
        client.acl_setuser(
            "default", enabled=True, keys=[journal_stream(1), "outlay:*ledger*", "outlay:{lease}*"], reset_keys=True
        )
        with pytest.raises(redis.ResponseError, match=r"(?i)no permissions"):
            relay.publish_some()
    assert {ledger for ledger, revision in announced(book).items() if revision} == {taken}


def test_an_entry_that_cannot_be_read_holds_up_neither_its_ledger_nor_others(
    book: Book, new_relay: Callable[..., Relay], redis_server: RedisServer
) -> None:
    broken, *others = [LedgerId(uuid4()) for _ in range(5)]
    for ledger in (broken, *others):
        book.write_entries(ledger, 2)
    with book.database.write() as session:
        second = sa.and_(EntryRow.ledger == broken, EntryRow.revision == 2)
        session.execute(sa.update(EntryRow).where(second).values(pairs="[{"))

    relay = new_relay()
    while relay.publish_some():
        pass

    assert announced(book) == dict.fromkeys((broken, *others), 3)
    with redis.Redis.from_url(redis_server.url) as client:
        messages = [StreamMessage.decode(fields) for _, fields in client.xrange(journal_stream(0))]
    assert [message.revision for message in messages if message.ledger == broken] == [1, 2, 3]
    assert [message.revision for message in messages if message.entry is None] == [2]
