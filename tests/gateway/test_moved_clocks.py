"""The gateway under a clock that was moved: no token, no stream and no count lasts longer than it should."""

import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
import redis

from chassis.errors import Unauthenticated
from chassis.response_cache.cache import usable
from chassis.security.access_tokens import LEEWAY, AccessVerifier, KeySet, is_current, seconds_left
from contracts.identity import Claims
from contracts.ids import UserId
from contracts.response_cache import CachedResponse, etag_of
from gateway.rate_limits.caller_limits import seconds_until
from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.redis import RedisServer

HOURS, YEAR = 2 * 3_600, 365 * 86_400
ahead = pytest.mark.parametrize("by", [HOURS, YEAR], ids=["two hours", "a year"])
LOGIN = {"email": "ada@example.org", "password": "not that one"}


@pytest.fixture(scope="module")
def strict(redis_module: str) -> Iterator[GatewayUnderTest]:
    """A gateway that lets an address sign in twice an hour."""
    with gateway_under_test(redis_module, gateway_sign_in_limit="2/hour") as started:
        yield started


@pytest.fixture(scope="module")
def redis_module(shared_redis: RedisServer) -> str:
    shared_redis.clear()
    return shared_redis.url


def claims(gateway: GatewayUnderTest, by: int) -> Claims:
    """Those of a token that is signed by a clock so many seconds ahead."""
    now = int(time.time())
    token = gateway.issuer.token(UserId(uuid4()), iat=now, exp=now + 600)
    found = AccessVerifier(KeySet(gateway.settings.jwks_url)).verify(token)
    return found.model_copy(update={"iat": now + by, "exp": now + by + 600})


@ahead
def test_a_token_signed_by_a_clock_ahead_is_refused_and_so_is_one_by_a_clock_behind(
    gateway: GatewayUnderTest, by: int
) -> None:
    now, verifier = int(time.time()), AccessVerifier(KeySet(gateway.settings.jwks_url))
    for iat in (now + by, now - by):
        with pytest.raises(Unauthenticated):
            verifier.verify(gateway.issuer.token(UserId(uuid4()), iat=iat, exp=iat + 600))


def test_clocks_may_differ_by_half_a_minute(gateway: GatewayUnderTest) -> None:
    now, verifier = int(time.time()), AccessVerifier(KeySet(gateway.settings.jwks_url))
    for by in (LEEWAY - 5, -LEEWAY + 5):
        token = gateway.issuer.token(UserId(uuid4()), iat=now + by, exp=now + by + 600)
        assert verifier.verify(token).iat == now + by


@ahead
def test_a_token_that_was_good_for_a_clock_ahead_is_looked_at_again(gateway: GatewayUnderTest, by: int) -> None:
    now = time.time()
    remembered = claims(gateway, by)

    assert is_current(remembered, now + by)
    assert not is_current(remembered, now)
    assert not is_current(remembered, now + 2 * by)


@ahead
def test_a_stream_lasts_for_no_longer_than_its_token_lives(gateway: GatewayUnderTest, by: int) -> None:
    now = time.time()
    assert seconds_left(claims(gateway, by), now) == 600
    assert seconds_left(claims(gateway, -by), now) == 0
    assert 590 < seconds_left(claims(gateway, 0), now) <= 600


@ahead
def test_an_answer_of_a_clock_ahead_is_not_believed(by: int) -> None:
    packed = CachedResponse(5, etag_of(b"{}"), time.time() + by, b"{}").pack()
    assert usable(packed, 5, 0) is None
    assert usable(CachedResponse(5, etag_of(b"{}"), time.time() + 10, b"{}").pack(), 5, 0) is not None


def test_a_count_that_the_clock_has_prolonged_begins_anew(strict: GatewayUnderTest, redis_module: str) -> None:
    client = strict.anonymous()
    statuses = [client.post("/api/v1/auth/login", LOGIN).status for _ in range(3)]
    assert statuses[-1] == 429
    with redis.Redis.from_url(redis_module) as counts:
        [key] = list(counts.scan_iter("LIMITS*"))
        assert counts.expire(key, 3_600 + HOURS), "as if the clock of Redis had been put back"

    assert client.post("/api/v1/auth/login", LOGIN).status != 429


def test_retry_after_is_never_longer_than_the_window() -> None:
    assert seconds_until(time.time() + HOURS, 60) == 60
    assert seconds_until(time.time() - HOURS, 60) == 1
