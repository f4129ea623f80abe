"""Invalid values in the Redis keys that the gateway reads fail no request, and are replaced by valid ones."""

from collections.abc import Mapping
from typing import cast

import pytest
import redis

from contracts.identity_journal import IDENTITY_STREAM
from contracts.ids import LedgerId, UserId
from contracts.response_cache import HEAD, ledger_key
from tests.support.cached_responses import HIT, MISS, SUMMARY, status_of, store
from tests.support.client import Client
from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.issuer import Issuer
from tests.support.poison import TEXTS, TYPES, Poison, fields, whole
from tests.support.redis import RedisServer
from tests.support.waiting import until

OF_HASHES: Mapping[str, Poison] = {**TYPES, **{name: fields(text) for name, text in TEXTS.items()}}
OF_CALLERS = ("string", "stream", "a word", "digits without an end", "a negative number")
OF_COUNTS: Mapping[str, Poison] = {**TYPES, **{name: whole(text) for name, text in TEXTS.items()}}
SIGN_IN = "/api/v1/auth/login"


def keys(client: redis.Redis, pattern: str) -> list[str]:
    return [key.decode() for key in cast("list[bytes]", client.keys(pattern))]


@pytest.mark.parametrize("poison", OF_HASHES)
def test_a_poisoned_answer_is_a_miss(gateway: GatewayUnderTest, cache: redis.Redis, poison: str) -> None:
    account, client = gateway.new_user()
    store(cache, LedgerId(account))
    until(lambda: status_of(client.get(SUMMARY)) == HIT, what="a hit")

    OF_HASHES[poison](cache, ledger_key(LedgerId(account)))

    assert status_of(client.get(SUMMARY)) == MISS
    assert gateway.insights.last.one("outlay-wanted-revision") is None
    assert client.get("/api/v1/insights").status == 200
    store(cache, LedgerId(account))
    assert status_of(client.get(SUMMARY)) == HIT


@pytest.mark.parametrize("poison", sorted(TEXTS))
def test_a_poisoned_head_alone_is_a_miss(gateway: GatewayUnderTest, cache: redis.Redis, poison: str) -> None:
    account, client = gateway.new_user()
    store(cache, LedgerId(account))
    until(lambda: status_of(client.get(SUMMARY)) == HIT, what="a hit")

    cache.hset(ledger_key(account), HEAD, TEXTS[poison])  # type: ignore[arg-type]  # bytes are as good

    assert status_of(client.get(SUMMARY)) == MISS
    assert gateway.insights.last.one("outlay-wanted-revision") is None
    store(cache, LedgerId(account))
    assert status_of(client.get(SUMMARY)) == HIT


def test_an_answer_with_another_body_is_a_miss(gateway: GatewayUnderTest, cache: redis.Redis) -> None:
    account, client = gateway.new_user()
    store(cache, LedgerId(account))
    until(lambda: status_of(client.get(SUMMARY)) == HIT, what="a hit")
    for field, packed in cast("dict[bytes, bytes]", cache.hgetall(ledger_key(LedgerId(account)))).items():
        cache.hset(ledger_key(account), field, packed.replace(b"12.50", b"92.50"))  # type: ignore[arg-type]

    assert status_of(client.get(SUMMARY)) == MISS


def test_poisoned_counts_of_sign_ins_begin_anew(redis_server: RedisServer) -> None:
    with (
        gateway_under_test(redis_server.url, gateway_sign_in_limit="3/hour") as gateway,
        redis.Redis.from_url(redis_server.url) as client,
    ):
        for poison in OF_COUNTS.values():
            client.flushall()
            assert gateway.anonymous().post(SIGN_IN, {}).status == 200
            (key,) = keys(client, "LIMITS*")
            poison(client, key)
            statuses = [gateway.anonymous().post(SIGN_IN, {}).status for _ in range(4)]

            assert statuses == [200, 200, 200, 429], poison
            assert 0 < cast("int", client.ttl(key)) <= 3600


def test_counts_of_callers_survive_every_poison(redis_server: RedisServer) -> None:
    issuer = Issuer()
    started = [gateway_under_test(redis_server.url, issuer=issuer, gateway_rate_limit="100000/hour") for _ in range(2)]
    with started[0] as one, started[1] as other, redis.Redis.from_url(redis_server.url) as client:
        account, user = one.new_user()
        same = Client(other.url, issuer.token(UserId(account)))

        def both_counted() -> list[str]:
            assert {user.get("/api/v1/expenses").status, same.get("/api/v1/expenses").status} == {200}
            return [key for key in keys(client, f"outlay:limit:*{account}") if _is_whole(client, key)]

        for poison in OF_CALLERS:
            (key,) = until(both_counted, what="both gateways to store their counts")
            OF_HASHES[poison](client, key)
        until(both_counted, what="the counts to be put right")


def _is_whole(client: redis.Redis, key: str) -> bool:
    """Whether the key holds a count of both instances, and nothing else."""
    if client.type(key) != b"hash":
        return False
    counts = cast("dict[bytes, bytes]", client.hgetall(key))
    return len(counts) == 2 and all(count.isdigit() and len(count) < 9 for count in counts.values())


@pytest.mark.parametrize("poison", TYPES)
def test_a_poisoned_stream_of_identity_leaves_the_feed(redis_server: RedisServer, poison: str) -> None:
    with gateway_under_test(redis_server.url) as gateway, redis.Redis.from_url(redis_server.url) as client:
        _, user = gateway.new_user()
        TYPES[poison](client, IDENTITY_STREAM)
        for text in TEXTS.values():
            if client.type(IDENTITY_STREAM) == b"stream" and poison == "stream":
                client.xadd(IDENTITY_STREAM, {"ledger": text, "revision": text, "entry": text})

        assert user.get("/api/v1/expenses").status == 200
