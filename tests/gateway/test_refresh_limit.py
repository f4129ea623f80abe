"""Refreshing has a limit of its own, by session: what others do at the same address does not count against it."""

from uuid import uuid4

import pytest

from contracts.cookies import session_cookies
from gateway.routes import REFRESH
from tests.support.client import ApiResponse, Client
from tests.support.gateway_under_test import PUBLIC, GatewayUnderTest, gateway_under_test
from tests.support.redis import RedisServer

COOKIE = session_cookies(PUBLIC).refresh
PROOF = "a" * 43
NO_TOKENS = ["", "nonsense", f"{'0' * 32}.0.short", f"{'A' * 32}.0.{PROOF}", f"{'0' * 31}.0.{PROOF}"]


def a_session() -> str:
    """A refresh token as auth writes them, of another session each time."""
    return f"{uuid4().hex}.7.{PROOF}"


def refresh(gateway: GatewayUnderTest, token: str) -> ApiResponse:
    return Client(gateway.url).call("POST", REFRESH, Cookie=f"{COOKIE}={token}")


def test_a_walk_of_reloads_is_within_the_limit_and_guessing_does_not_count(shared_redis: RedisServer) -> None:
    shared_redis.clear()
    with gateway_under_test(shared_redis.url, gateway_sign_in_limit="2/hour") as gateway:
        mine = a_session()
        assert [gateway.anonymous().post("/api/v1/auth/login", {}).status for _ in range(3)] == [200, 200, 429]
        assert {refresh(gateway, mine).status for _ in range(60)} == {200}
        assert refresh(gateway, mine).headers["RateLimit-Policy"].endswith('"refresh-60s";q=120;w=60')


def test_each_session_is_counted_for_itself(shared_redis: RedisServer) -> None:
    shared_redis.clear()
    with gateway_under_test(shared_redis.url, gateway_refresh_limit="3/hour") as gateway:
        mine, yours = a_session(), a_session()
        got = [refresh(gateway, mine) for _ in range(4)]

        assert [response.status for response in got] == [200, 200, 200, 429]
        assert got[3].json["type"] == "urn:outlay:problem:too-many-requests"
        assert 1 <= int(got[3].headers["Retry-After"]) <= 3600
        assert len(gateway.auth.requests) == 3
        assert refresh(gateway, yours).status == 200


@pytest.mark.parametrize("token", NO_TOKENS, ids=["none", "nonsense", "no proof", "capitals", "no session"])
def test_refreshes_without_a_token_use_up_no_other_limit(shared_redis: RedisServer, token: str) -> None:
    """Behind a proxy that is not named all clients have the same address."""
    shared_redis.clear()
    with gateway_under_test(shared_redis.url, gateway_refresh_limit="3/hour", gateway_rate_limit="5/hour") as gateway:
        assert [refresh(gateway, token).status for _ in range(7)] == [200] * 3 + [429] * 4

        assert refresh(gateway, a_session()).status == 200
        assert gateway.anonymous().post("/api/v1/auth/login", {}).status == 200
        assert gateway.anonymous().get("/").status != 429


def test_sessions_that_are_made_up_are_bounded_by_address_and_stop_nothing_else(shared_redis: RedisServer) -> None:
    shared_redis.clear()
    with gateway_under_test(shared_redis.url, gateway_rate_limit="5/hour") as gateway:
        assert [refresh(gateway, a_session()).status for _ in range(7)] == [200] * 5 + [429] * 2

        assert len(gateway.auth.requests) == 5
        assert gateway.anonymous().post("/api/v1/auth/login", {}).status == 200
