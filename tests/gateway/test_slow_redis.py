"""A Redis that takes its time, or takes more than its clients give it, makes no request fail."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from contracts.ids import LedgerId
from gateway.response_cache.connection import TIMEOUT
from gateway.route_limits.named_routes import REDIS_TIMEOUT
from tests.support.cached_responses import HIT, MISS, SUMMARY, status_of, store
from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.redis import RedisServer
from tests.support.slow_link import slow_link
from tests.support.waiting import until

SIGN_IN = "/api/v1/auth/login"


def sign_in(gateway: GatewayUnderTest) -> int:
    return gateway.anonymous().post(SIGN_IN, {}).status


@pytest.mark.parametrize("delay", [REDIS_TIMEOUT * 1.2, REDIS_TIMEOUT * 4])
def test_signing_in_goes_on_while_redis_is_slow_and_is_counted(redis_server: RedisServer, delay: float) -> None:
    with (
        slow_link(redis_server.url) as (link, url),
        gateway_under_test(url, gateway_sign_in_limit="20/hour") as gateway,
        ThreadPoolExecutor(8) as pool,
    ):
        assert sign_in(gateway) == 200
        link.delay = delay
        statuses = list(pool.map(lambda _: sign_in(gateway), range(40)))

        assert set(statuses) == {200, 429}
        assert 20 <= statuses.count(200) <= 40
        link.delay = 0
        until(lambda: sign_in(gateway) == 429, what="the count in Redis, or the one beside it, to be used up")


def test_a_redis_that_slows_between_count_and_quota_fails_no_request(redis_server: RedisServer) -> None:
    """The count arrives in time, what is left of it does not: slowapi's own fallback does not know of that moment."""
    with (
        gateway_under_test(redis_server.url, gateway_sign_in_limit="1000/hour") as gateway,
        redis.Redis.from_url(redis_server.url) as client,
    ):
        client.acl_setuser("default", enabled=True, commands=["-get"])
        until(lambda: counted_without_quota(gateway), what="a sign-in that is counted, without the remaining quota")


def counted_without_quota(gateway: GatewayUnderTest) -> bool:
    response = gateway.anonymous().post(SIGN_IN, {})
    assert response.status == 200
    assert "sign-in" in response.headers["RateLimit-Policy"]
    return "sign-in" not in response.headers["RateLimit"]


def test_reads_go_the_long_way_while_redis_is_slow(redis_server: RedisServer) -> None:
    with (
        slow_link(redis_server.url) as (link, url),
        redis.Redis.from_url(redis_server.url) as cache,
        gateway_under_test(url) as gateway,
    ):
        account, client = gateway.new_user()
        store(cache, LedgerId(account))
        until(lambda: status_of(client.get(SUMMARY)) == HIT, what="a hit")
        link.delay = TIMEOUT * 3

        assert {status_of(client.get(SUMMARY)) for _ in range(10)} == {MISS}
        link.delay = 0
        until(lambda: status_of(client.get(SUMMARY)) == HIT, what="a hit once Redis is quick again")
