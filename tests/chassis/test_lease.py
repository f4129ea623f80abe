"""The lease of the ready answers holds only while every head is raised in time."""

from collections.abc import Callable
from typing import cast
from uuid import uuid4

import pytest
import redis

from chassis.journal.relay import LEDGERS_AT_ONCE, Relay
from chassis.response_cache.lease import CacheLease
from contracts.ids import LedgerId
from contracts.response_cache import HEAD, LEASE, LEASE_KEY, ledger_key
from tests.support.book import Book
from tests.support.poison import TYPES
from tests.support.redis import RedisServer
from tests.support.relay_state import announced, published


def lease(client: redis.Redis) -> int:
    """Milliseconds that it has left; negative where there is none."""
    return cast("int", client.pttl(LEASE_KEY))


def test_the_lease_is_renewed_once_all_heads_are_raised(
    book: Book, new_relay: Callable[..., Relay], redis_server: RedisServer
) -> None:
    ledgers = [uuid4() for _ in range(LEDGERS_AT_ONCE + 5)]
    for ledger in ledgers:
        book.write_entries(LedgerId(ledger), 1)
    with redis.Redis.from_url(redis_server.url) as client:
        assert new_relay().publish_some()

        assert 0 < lease(client) <= 1000 * LEASE.total_seconds()
        assert {client.hget(ledger_key(LedgerId(ledger)), HEAD) for ledger in ledgers} == {b"2"}


def test_who_cannot_raise_a_head_renews_nothing_and_does_not_call_its_entry_announced(
    book: Book, new_relay: Callable[..., Relay], redis_server: RedisServer
) -> None:
    """Another relay would take it for done, and vouch for it."""
    ledger = LedgerId(uuid4())
    relay, other = new_relay(), new_relay()
    book.write_entries(ledger, 1)
    with redis.Redis.from_url(redis_server.url) as client:
        client.acl_setuser("default", enabled=True, keys=["outlay:journal:*", "outlay:{lease}*"], reset_keys=True)
        with pytest.raises(redis.ResponseError, match=r"(?i)no permissions"):
            relay.publish_some()
        client.acl_setuser("default", enabled=True, keys=["*"], reset_keys=True)
        assert (lease(client), announced(book)) == (-2, {ledger: 0})
        assert published(redis_server.url) == {ledger: [1, 2]}, "readers hear of it all the same"

        assert other.publish_some()
        assert lease(client) > 0
        assert announced(book) == {ledger: 2}


def test_a_relay_that_was_stopped_half_way_renews_nothing(client: redis.Redis) -> None:
    """What it wanted to renew with runs out by Redis' own clock."""
    stopped = CacheLease(client)
    stopped.begin()
    client.delete(*cast("list[bytes]", client.keys(f"{LEASE_KEY}:*")))  # as time does

    stopped.renew()

    assert client.exists(LEASE_KEY) == 0


def test_a_shorter_lease_does_not_take_the_place_of_a_longer_one(client: redis.Redis) -> None:
    slow, quick = CacheLease(client), CacheLease(client)
    slow.begin()
    (ticket,) = cast("list[bytes]", client.keys(f"{LEASE_KEY}:*"))
    client.pexpire(ticket, 900)
    quick.begin()
    quick.renew()
    slow.renew()

    assert lease(client) > 900
    assert client.keys(f"{LEASE_KEY}:*") == []


@pytest.mark.parametrize("poison", TYPES)
def test_a_poisoned_lease_is_replaced(client: redis.Redis, poison: str) -> None:
    relay = CacheLease(client)
    for seconds in (None, 3600):
        TYPES[poison](client, LEASE_KEY)
        if seconds:
            client.expire(LEASE_KEY, seconds)
        relay.begin()
        relay.renew()

        assert client.type(LEASE_KEY) == b"string"
        assert 0 < lease(client) <= 1000 * LEASE.total_seconds()
