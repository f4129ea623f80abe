"""A full Redis: old answers and messages are deleted, and all recovers once there is room."""

from collections.abc import Callable
from uuid import UUID

import redis

from chassis.journal.relay import Relay
from chassis.redis.client import connect
from contracts.ids import LedgerId, UserId
from tests.support.book import Book
from tests.support.cached_responses import HIT, MISS, SUMMARY, status_of, store
from tests.support.client import Client
from tests.support.gateway_under_test import gateway_under_test
from tests.support.redis import RedisServer
from tests.support.relay_state import announced
from tests.support.waiting import until


def test_a_full_redis_never_shows_what_was_before_a_write(
    book: Book, new_relay: Callable[..., Relay], redis_server: RedisServer
) -> None:
    """Ten ledgers with ready answers, then no room: their heads cannot be raised, so their answers go."""
    ledgers = [UUID(int=number) for number in range(1, 11)]
    relay, filler = new_relay(), connect(redis_server.url)
    for ledger in ledgers:
        book.write_entries(LedgerId(ledger), 0)
    with (
        gateway_under_test(redis_server.url, leased=False) as gateway,
        redis.Redis.from_url(redis_server.url) as cache,
    ):
        clients = {ledger: Client(gateway.url, gateway.issuer.token(UserId(ledger))) for ledger in ledgers}
        relay.start()
        until(lambda: set(announced(book).values()) == {1}, what="the relay to announce")
        for ledger in ledgers:
            store(cache, LedgerId(ledger), revision=1)
        until(lambda: all(status_of(one.get(SUMMARY)) == HIT for one in clients.values()), what="hits")

        filler.set("filler", b"x" * 1_000_000)
        filler.config_set("maxmemory", 1)
        for ledger in ledgers:
            book.write_entries(LedgerId(ledger), 1)
        relay.wake()
        until(lambda: all(status_of(one.get(SUMMARY)) == MISS for one in clients.values()), what="old answers to go")
        assert set(announced(book).values()) == {1}, "the stream takes nothing"
        assert {gateway.insights.last.one("outlay-wanted-revision")} == {None}

        filler.config_set("maxmemory", 0)
        until(lambda: set(announced(book).values()) == {2}, what="the relay to go on")
        for ledger in ledgers:
            store(cache, LedgerId(ledger), revision=1)
        assert {status_of(one.get(SUMMARY)) for one in clients.values()} == {MISS}, "older than the head"
        for ledger in ledgers:
            store(cache, LedgerId(ledger), revision=2)
        until(lambda: all(status_of(one.get(SUMMARY)) == HIT for one in clients.values()), what="hits again")
    filler.close()
