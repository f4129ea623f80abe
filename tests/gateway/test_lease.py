"""Ready answers are sent only while a relay renews the lease on the heads in Redis."""

import redis

from contracts.ids import LedgerId
from contracts.response_cache import LEASE_KEY
from tests.support.cache_lease import renewed_cache_lease
from tests.support.cached_responses import HIT, MISS, SUMMARY, status_of, store
from tests.support.gateway_under_test import gateway_under_test
from tests.support.redis import RedisServer
from tests.support.waiting import until


def test_without_a_lease_a_service_is_asked_and_finds_the_head_itself(redis_server: RedisServer) -> None:
    """The head in Redis may be out of date: with it, an old answer would look new enough."""
    with (
        gateway_under_test(redis_server.url, leased=False) as gateway,
        redis.Redis.from_url(redis_server.url) as cache,
    ):
        account, client = gateway.new_user()
        store(cache, LedgerId(account))

        assert status_of(client.get(SUMMARY)) == MISS
        assert gateway.insights.last.one("outlay-wanted-revision") is None
        assert client.get("/api/v1/insights").status == 200
        assert gateway.insights.last.one("outlay-wanted-revision") is None

        with renewed_cache_lease(redis_server.url):
            until(lambda: status_of(client.get(SUMMARY)) == HIT, what="the lease to be renewed")
        until(lambda: status_of(client.get(SUMMARY)) == MISS, what="the lease to end")
        assert gateway.insights.last.one("outlay-wanted-revision") is None


def test_a_lease_that_is_not_renewed_ends_even_if_its_key_stays(redis_server: RedisServer) -> None:
    """As after the clock of the Redis host was set back: the key stays, and its value never changes."""
    with (
        gateway_under_test(redis_server.url, leased=False) as gateway,
        redis.Redis.from_url(redis_server.url) as cache,
    ):
        account, client = gateway.new_user()
        store(cache, LedgerId(account))
        cache.set(LEASE_KEY, "renewed once", px=3_600_000)

        until(lambda: status_of(client.get(SUMMARY)) == HIT, what="a hit")
        until(lambda: status_of(client.get(SUMMARY)) == MISS, what="the lease to end")
        assert cache.exists(LEASE_KEY) == 1
