"""Streams stay within their bounds, and a key of another type is replaced by a stream."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast
from uuid import uuid4

import pytest
import redis

from chassis.journal.relay import Relay
from chassis.journal.stream_writer import MEASURE_EVERY, StreamRecord, StreamWriter
from chassis.redis.client import connect
from contracts.ids import LedgerId
from tests.support.book import Book
from tests.support.poison import TYPES
from tests.support.redis import RedisServer
from tests.support.relay_state import STREAM, announced, published
from tests.support.waiting import until


@pytest.mark.parametrize("poison", [kind for kind in TYPES if kind != "stream"])
def test_what_is_no_stream_makes_way_for_one(
    book: Book, new_relay: Callable[..., Relay], redis_server: RedisServer, poison: str
) -> None:
    ledger = LedgerId(uuid4())
    relay = new_relay()
    book.write_entries(ledger, 2)
    with redis.Redis.from_url(redis_server.url) as client:
        TYPES[poison](client, STREAM)
        with pytest.raises(redis.ResponseError):
            relay.publish_some()
    assert announced(book) == {ledger: 0}

    assert relay.publish_some()
    assert published(redis_server.url) == {ledger: [1, 2, 3]}


def test_a_stream_stays_within_its_bytes(book: Book, redis_server: RedisServer) -> None:
    """With small and large messages, the newest stay."""
    client = connect(redis_server.url)
    most = 400_000
    writer = StreamWriter(client, most)
    for number in range(3_000):
        size = 16_000 if 1_000 <= number < 1_200 else 50
        writer.write([StreamRecord(STREAM, {"number": number, "entry": "x" * size}, size)])
        if number % 50 == 0:
            assert cast("int", client.memory_usage(STREAM, samples=0)) <= most * (1 + 2 / MEASURE_EVERY)
    newest = cast("list[Any]", client.xrevrange(STREAM, count=1))
    assert newest[0][1][b"number"] == b"2999"
    assert cast("int", client.xlen(STREAM)) > 1_000, "no more is dropped than has to be"
    client.close()


def test_a_full_redis_gives_up_old_messages_for_new_ones(
    book: Book, new_relay: Callable[..., Relay], redis_server: RedisServer
) -> None:
    ledger = LedgerId(uuid4())
    relay = new_relay()
    book.write_entries(ledger, 199, text="x" * 12_000)  # 2 MB: what connections use does not matter beside it
    assert relay.publish_some()
    while relay.publish_some():
        pass
    with redis.Redis.from_url(redis_server.url) as client:
        used = cast("dict[str, Any]", client.info("memory"))["used_memory"]
        client.config_set("maxmemory", used)
        book.write_entries(ledger, 5)
        until(lambda: _announce(relay) and announced(book)[ledger] == 205, what="room for the newest")
        client.config_set("maxmemory", 0)
    assert published(redis_server.url)[ledger][-1] == 205


def _announce(relay: Relay) -> bool:
    with suppress(redis.ResponseError):
        relay.publish_some()
    return True
