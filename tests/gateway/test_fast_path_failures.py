"""Where Redis holds nonsense, is gone or hangs, every read goes to its service, and no request waits."""

import os
import signal

import pytest
import redis

from contracts.ids import LedgerId
from contracts.response_cache import ledger_key, response_field
from tests.support.cached_responses import HIT, MISS, NOVEMBER, SUMMARY, status_of, store
from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.redis import RedisServer
from tests.support.waiting import until


@pytest.mark.parametrize("nonsense", [b"", b"nonsense", b"42 etag\n{}", b"x y z\n{}", b"\xff\xfe\n"])
def test_what_is_no_answer_is_a_miss(gateway: GatewayUnderTest, cache: redis.Redis, nonsense: bytes) -> None:
    account, client = gateway.new_user()
    field = response_field("/api/v1/summary", NOVEMBER)
    assert field
    cache.hset(ledger_key(LedgerId(account)), mapping={"head": b"42", field: nonsense})

    assert status_of(client.get(SUMMARY)) == MISS
    cache.hset(ledger_key(LedgerId(account)), "head", "a thing")
    assert status_of(client.get(SUMMARY)) == MISS
    cache.delete(ledger_key(LedgerId(account)))
    cache.set(ledger_key(LedgerId(account)), "not even a hash")
    assert status_of(client.get(SUMMARY)) == MISS


def test_without_redis_every_read_goes_to_its_service(redis_server: RedisServer) -> None:
    with gateway_under_test(redis_server.url) as gateway, redis.Redis.from_url(redis_server.url) as cache:
        account, client = gateway.new_user()
        store(cache, LedgerId(account))
        until(lambda: status_of(client.get(SUMMARY)) == HIT, what="a hit")

        redis_server.stop()
        assert status_of(client.get(SUMMARY)) == MISS
        assert gateway.insights.last.one("outlay-wanted-revision") is None
        assert client.post("/api/v1/auth/login", {}).status == 200

        redis_server.start()
        store(cache, LedgerId(account))
        until(lambda: status_of(client.get(SUMMARY)) == HIT, what="a hit after Redis has come back")


def test_a_hung_redis_delays_no_request(redis_server: RedisServer) -> None:
    with gateway_under_test(redis_server.url) as gateway, redis.Redis.from_url(redis_server.url) as cache:
        account, client = gateway.new_user()
        store(cache, LedgerId(account))
        until(lambda: status_of(client.get(SUMMARY)) == HIT, what="a hit")
        assert redis_server._process
        os.kill(redis_server._process.pid, signal.SIGSTOP)
        try:
            for _ in range(50):
                assert status_of(client.get(SUMMARY)) == MISS
            assert client.post("/api/v1/auth/login", {}).status == 200
        finally:
            os.kill(redis_server._process.pid, signal.SIGCONT)
        until(lambda: status_of(client.get(SUMMARY)) == HIT, what="a hit after Redis goes on")
