"""Erased ledgers leave Redis with their last message, and no other ledger loses one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
import redis

from chassis.journal.relay import Relay
from chassis.journal.stream import StreamReader
from chassis.journal.stream_writer import StreamRecord, StreamWriter
from chassis.redis.erasure import MESSAGES_AT_ONCE, RedisErasure
from chassis.response_cache.cache import ResponseCache
from contracts.ids import LedgerId
from contracts.journal import READER_GROUP, StreamMessage, journal_stream
from contracts.response_cache import ledger_key
from tests.support.book import SETTINGS, Book
from tests.support.poison import TYPES
from tests.support.redis import RedisServer
from tests.support.relay_state import STREAM

STREAMS = [journal_stream(partition) for partition in range(4)]


def announce(client: redis.Redis, ledgers: list[LedgerId], stream: str = STREAM) -> None:
    """One message of each, in turn."""
    pipeline = client.pipeline(transaction=False)
    revisions = dict.fromkeys(ledgers, 0)
    for ledger in ledgers:
        revisions[ledger] += 1
        pipeline.xadd(stream, StreamMessage(ledger=ledger, revision=revisions[ledger]).fields())
    pipeline.execute()


def ledgers_on(client: Any, stream: str = STREAM) -> list[UUID]:
    return [UUID(fields[b"ledger"].decode()) for _, fields in client.xrange(stream)]


@pytest.mark.parametrize("count", [1, MESSAGES_AT_ONCE // 2, MESSAGES_AT_ONCE, 3 * MESSAGES_AT_ONCE + 1])
def test_only_messages_of_erased_ledgers_are_deleted(client: redis.Redis, count: int) -> None:
    ada, bob, other = LedgerId(uuid4()), LedgerId(uuid4()), LedgerId(uuid4())
    announce(client, [ada, other, bob] * count)
    announce(client, [other, ada] * count, STREAMS[3])
    erasure = RedisErasure(client, STREAMS, client)

    assert erasure.erase([ada, bob]) == 3 * count
    assert ledgers_on(client) == ledgers_on(client, STREAMS[3]) == [other] * count
    assert erasure.erase([ada, bob]) == 0, "nothing is found twice"
    assert erasure.erase([]) == 0


def test_heads_and_ready_answers_are_deleted_too(client: redis.Redis) -> None:
    ada, other = LedgerId(uuid4()), LedgerId(uuid4())
    answers = ResponseCache(client)
    for ledger in (ada, other):
        answers.raise_head(LedgerId(ledger), 3)
    RedisErasure(client, STREAMS, client).erase([ada])
    assert client.keys() == [ledger_key(other).encode()]


def test_a_group_reads_on_over_the_holes(client: Any) -> None:
    """What it has not read yet is gone, and nothing of it is pending."""
    ada, other = LedgerId(uuid4()), LedgerId(uuid4())
    reader = StreamReader(client, [STREAM], READER_GROUP)
    assert reader.read() is None, "the group is made"
    announce(client, [ada, other, ada])
    assert len(reader.read() or []) == 3
    announce(client, [ada, other, ada, ada, other])

    RedisErasure(client, STREAMS, client).erase([ada])

    read = reader.read()
    assert read is not None
    assert [UUID(fields[b"ledger"].decode()) for fields in read] == [other, other]
    assert client.xpending(STREAM, READER_GROUP)["pending"] == 0
    announce(client, [other])
    assert len(reader.read() or []) == 1


@pytest.mark.parametrize("kind", [kind for kind in TYPES if "stream" not in kind])
def test_what_stands_in_place_of_a_stream_is_passed_over(client: redis.Redis, kind: str) -> None:
    ada = LedgerId(uuid4())
    announce(client, [ada, ada], STREAMS[2])
    TYPES[kind](client, STREAM)
    assert RedisErasure(client, STREAMS, client).erase([ada]) == 2


def test_messages_that_name_no_ledger_are_kept(client: redis.Redis) -> None:
    ada = LedgerId(uuid4())
    client.xadd(STREAM, {"a": str(ada), "b": "ledger"})
    client.xadd(STREAM, {"ledger": b"\xff\xfe"})
    announce(client, [ada])
    assert RedisErasure(client, STREAMS, client).erase([ada]) == 1
    assert client.xlen(STREAM) == 2


def test_a_full_redis_can_be_erased_from(redis_server: RedisServer) -> None:
    ada = LedgerId(uuid4())
    with redis.Redis.from_url(redis_server.url) as client:
        announce(client, [ada] * 500)
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("maxmemory", 1)
        with pytest.raises(redis.ResponseError, match="maxmemory"):
            announce(client, [ada])
        assert RedisErasure(client, STREAMS, client).erase([ada]) == 500
        assert client.xlen(STREAM) == 0


class ClosingWriter(StreamWriter):
    """Has a ledger erased at the last moment before its messages are written."""

    def __init__(self, client: redis.Redis, close: Callable[[], None], failure: redis.RedisError | None) -> None:
        super().__init__(client, 1024**2)
        self._close: Callable[[], None] | None = close
        self._failure = failure

    def write(self, messages: list[StreamRecord]) -> list[redis.ResponseError | None]:  # type: ignore[override]
        close, self._close = self._close, None
        if close:
            close()
        refused = super().write(messages)
        if close and self._failure:
            raise self._failure
        return refused


@pytest.mark.parametrize("failure", [None, redis.ConnectionError("the outcome is not known")])
def test_what_was_on_its_way_when_its_ledger_was_erased_is_deleted(
    book: Book, redis_server: RedisServer, failure: redis.RedisError | None
) -> None:
    ada, other = LedgerId(uuid4()), uuid4()
    for ledger in (ada, other):
        book.write_entries(LedgerId(ledger), 2)
    with redis.Redis.from_url(redis_server.url) as client:
        erasure = RedisErasure(client, STREAMS, client)

        def erase() -> None:
            with book.database.write() as session:
                book.journal.close(session, ada, **SETTINGS)
            assert erasure.erase([ada]) == 0

        relay = Relay(
            book.database, book.journal, ClosingWriter(client, erase, failure), lambda _: STREAM, erase=erasure.erase
        )
        if failure:
            with pytest.raises(redis.ConnectionError):
                relay.publish_some()
            assert ada in ledgers_on(client), "it was written after the erasure"
        while relay.publish_some():
            pass

        assert set(ledgers_on(client)) == {other}
        assert [relay._unmarked, relay._closed, relay._published] == [set(), set(), {}]


def test_an_erasure_that_fails_is_repeated_by_the_relay_and_keeps_nothing_waiting(
    book: Book, redis_server: RedisServer
) -> None:
    ada, other = LedgerId(uuid4()), LedgerId(uuid4())
    book.write_entries(ada, 2)
    failing = [redis.ConnectionError("away")]
    with redis.Redis.from_url(redis_server.url) as client:
        erasure = RedisErasure(client, STREAMS, client)

        def close() -> None:
            with book.database.write() as session:
                book.journal.close(session, ada, **SETTINGS)

        def erase(ledgers: object) -> None:
            if failing:
                raise failing.pop()
            assert isinstance(ledgers, set)
            erasure.erase(ledgers)

        writer = ClosingWriter(client, close, None)
        relay = Relay(book.database, book.journal, writer, lambda _: STREAM, erase=erase)
        assert relay.publish_some()
        book.write_entries(other, 2)
        with pytest.raises(redis.ConnectionError):
            relay.publish_some()
        assert ledgers_on(client).count(other) == 3, "the others' entries were announced all the same"
        relay.publish_some()
        assert set(ledgers_on(client)) == {other}
