"""No route is unlimited, and who is refused is told for how long."""

import itertools
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import redis
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import ValidationError

from contracts.ids import UserId
from gateway.gateway_app import GatewayApp
from gateway.rate_limits import caller_limits
from gateway.routes import HEALTH, NAMED_ROUTES, REFRESH, ROUTES, WEIGHTS, Limit
from gateway.settings import Settings
from tests.support.client import Client
from tests.support.gateway_under_test import PUBLIC, GatewayUnderTest, gateway_under_test
from tests.support.identity_feed import KEYS
from tests.support.issuer import Issuer
from tests.support.raw_http import connection, request
from tests.support.redis import RedisServer
from tests.support.waiting import until

GUESSABLE = [path for (_, path), route in NAMED_ROUTES.items() if route.limit is Limit.SIGN_IN]


@pytest.fixture(scope="module")
def strict(shared_redis: RedisServer) -> Iterator[GatewayUnderTest]:
    """A gateway that lets everyone do two things an hour."""
    shared_redis.clear()
    with gateway_under_test(shared_redis.url, gateway_rate_limit="2/hour") as started:
        yield started


def inside(gateway: GatewayUnderTest) -> FastAPI:
    from gateway.app import create  # noqa: PLC0415 - only here is the app wanted and not the server

    app = create(gateway.settings)
    assert isinstance(app, GatewayApp)
    assert isinstance(app.app, FastAPI)
    return app.app


def every_route(gateway: GatewayUnderTest) -> set[tuple[str, str]]:
    """All that the gateway answers: the table, what FastAPI carries, the app's files."""
    carried = {
        (method, route.path)
        for route in _routes(inside(gateway))
        for method in route.methods or ()
        if route.path not in HEALTH
    }
    return (
        carried | {("GET", route.prefix) for route in ROUTES} | {("GET", "/"), ("GET", "/anything"), ("GET", "/api/x")}
    )


def _routes(app: FastAPI) -> list[APIRoute]:
    return [route for route in app.routes if isinstance(route, APIRoute)]


def test_no_route_is_unlimited(strict: GatewayUnderTest) -> None:
    """But health: an orchestrator that is refused would restart a healthy gateway."""
    routes = every_route(strict)
    assert len(routes) > 15
    assert set(NAMED_ROUTES) <= routes
    for method, path in sorted(routes):
        _, client = strict.new_user()
        statuses = [client.call(method, path).status for _ in range(3)]
        assert statuses[2] == 429, (method, path, statuses)
        allowed = 1 if (method, path) in WEIGHTS else 2
        assert 429 not in statuses[:allowed], (method, path, statuses)
    for path in HEALTH:
        assert {strict.anonymous().get(path).status for _ in range(5)} == {200}


def test_who_is_refused_is_told_for_how_long(strict: GatewayUnderTest) -> None:
    _, client = strict.new_user()

    response = client.get("/api/v1/expenses")
    assert response.headers["RateLimit-Policy"] == '"caller-3600s";q=2;w=3600'
    assert response.headers["RateLimit"].startswith('"caller-3600s";r=1;t=')
    client.get("/api/v1/categories")
    received = len(strict.expenses.requests)
    refused = client.get("/api/v1/expenses")

    assert refused.status == 429
    assert refused.json["type"] == "urn:outlay:problem:too-many-requests"
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert 1 <= int(refused.headers["Retry-After"]) <= 3600
    assert refused.headers["RateLimit"].startswith('"caller-3600s";r=0;t=')
    assert len(strict.expenses.requests) == received


@pytest.mark.parametrize(
    ("method", "path", "limit"),
    [
        ("GET", "/api/v1/expenses", "gateway_rate_limit"),
        ("POST", "/api/v1/ask", "gateway_ask_limit"),
        ("POST", REFRESH, "gateway_refresh_limit"),
    ],
)
def test_a_client_that_never_waits_is_answered_late_and_others_are_not(
    shared_redis: RedisServer, monkeypatch: pytest.MonkeyPatch, method: str, path: str, limit: str
) -> None:
    monkeypatch.setattr(caller_limits, "REFUSAL_DELAY", 1_000.0)
    shared_redis.clear()
    strict: Any = {limit: "2/hour"}
    with gateway_under_test(shared_redis.url, **strict) as gateway:
        account, flooding = gateway.new_user()
        statuses = [flooding.call(method, path).status for _ in range(32)]
        assert statuses == [200, 200, *[429] * 30]
        with connection(gateway.url) as client:
            client.sendall(request(method, path, f"Authorization: Bearer {gateway.issuer.token(UserId(account))}"))
            assert {gateway.new_user()[1].get("/api/v1/expenses").status for _ in range(5)} == {200}
            client.settimeout(0)
            with pytest.raises(BlockingIOError):
                client.recv(1)


def test_tokens_of_one_account_share_a_limit(strict: GatewayUnderTest) -> None:
    account, one = strict.new_user()
    other = Client(strict.url, strict.issuer.token(UserId(account)))

    assert [client.get("/api/v1/expenses").status for client in (one, other, one, other)] == [200, 200, 429, 429]


def test_a_ready_answer_counts_like_any_other(strict: GatewayUnderTest) -> None:
    _, client = strict.new_user()
    path = "/api/v1/summary?from=2026-11-01&to=2026-11-30"

    assert [client.get(path).status for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("path", GUESSABLE)
def test_what_can_be_guessed_has_a_limit_of_its_own_for_each_address(shared_redis: RedisServer, path: str) -> None:
    shared_redis.clear()
    with gateway_under_test(shared_redis.url, gateway_sign_in_limit="3/hour") as gateway:
        clients = [gateway.new_user()[1] for _ in range(5)]
        response = [client.post(path, {}) for client in clients]

        assert [one.status for one in response] == [200, 200, 200, 429, 429]
        assert all('"sign-in-3600s";q=3;w=3600' in one.headers["RateLimit-Policy"] for one in response)
        left = [re.findall(r'"sign-in-3600s";r=(\d)', one.headers["RateLimit"]) for one in response]
        assert left == [["2"], ["1"], ["0"], ["0"], ["0"]]
        assert response[4].json["type"] == "urn:outlay:problem:too-many-requests"
        assert 1 <= int(response[4].headers["Retry-After"]) <= 3600
        assert len(gateway.auth.requests) == 3


@pytest.mark.parametrize("path", ["/api/v1/ask", "/api/v1/insights/doctor"])
def test_asking_has_a_limit_of_its_own_for_each_caller(shared_redis: RedisServer, path: str) -> None:
    shared_redis.clear()
    with gateway_under_test(shared_redis.url, gateway_ask_limit="2/hour") as gateway:
        _, client = gateway.new_user()
        _, other = gateway.new_user()

        assert [client.post(path, {}).status for _ in range(3)] == [200, 200, 429]
        assert other.post(path, {}).headers["RateLimit-Policy"].endswith('"ask-3600s";q=2;w=3600')
        assert client.get("/api/v1/insights").status == 200


def test_two_instances_count_sign_ins_together(shared_redis: RedisServer) -> None:
    shared_redis.clear()
    started = [gateway_under_test(shared_redis.url, gateway_sign_in_limit="3/hour") for _ in range(2)]
    with started[0] as one, started[1] as other:
        doors = [one, other, one, other]
        statuses = [gateway.anonymous().post("/api/v1/auth/login", {}).status for gateway in doors]

    assert statuses == [200, 200, 200, 429]


def test_two_instances_count_a_caller_together(shared_redis: RedisServer, cache: redis.Redis) -> None:
    """Not at once, but within a second: neither asks anyone while a request waits."""
    shared_redis.clear()
    issuer = Issuer()
    started = [gateway_under_test(shared_redis.url, issuer=issuer, gateway_rate_limit="30/hour") for _ in range(2)]
    with started[0] as one, started[1] as other:
        account, client = one.new_user()
        same = Client(other.url, issuer.token(UserId(account)))
        assert [left(client) for _ in range(20)][-1] == 10
        until(lambda: told(cache, UserId(account)) == [20], what="the one to tell")
        assert left(same) == 29
        until(lambda: told(cache, UserId(account)) == [1, 20], what="the other to tell, and to ask")

        until(lambda: left(same) < 10, what="the other to know")
        assert [same.get("/api/v1/expenses").status for _ in range(12)][-3:] == [429] * 3
        assert left(Client(other.url, issuer.token(UserId(uuid4())))) == 29


def left(client: Client) -> int:
    """How many requests the caller is told to have left."""
    return int(re.findall(r";r=(\d+)", client.get("/api/v1/expenses").headers["RateLimit"])[0])


def told(cache: redis.Redis, account: UserId) -> list[int]:
    """What the instances say that they have counted of an account."""
    keys = cache.keys(f"outlay:limit:*:account:{account}")
    return sorted(int(count) for key in keys for count in cache.hvals(key))  # type: ignore[union-attr]


def test_without_redis_each_instance_counts_alone_and_finds_the_others_again(redis_server: RedisServer) -> None:
    issuer = Issuer()
    started = [gateway_under_test(redis_server.url, issuer=issuer, gateway_rate_limit="10000/hour") for _ in range(2)]
    with started[0] as one, started[1] as other:
        account, client = one.new_user()
        same = Client(other.url, issuer.token(UserId(account)))
        redis_server.stop()
        assert [left(client) for _ in range(3)] == [9999, 9998, 9997]
        assert left(same) == 9999
        redis_server.start()
        received = itertools.count(6, 2)

        # Each alone would have told 20,000 less what was asked; both know of all, so it counts twice.
        until(lambda: left(client) + left(same) <= 20_000 - 1.5 * next(received), what="the counts to be put together")


def test_without_redis_sign_ins_are_still_counted(redis_server: RedisServer) -> None:
    with gateway_under_test(redis_server.url, gateway_sign_in_limit="3/hour") as gateway:
        redis_server.stop()
        statuses = [gateway.anonymous().post("/api/v1/auth/login", {}).status for _ in range(5)]

        assert statuses == [200, 200, 200, 429, 429]
        redis_server.start()
        # slowapi looks after 1 s, then 2, 4 …; the count in Redis begins anew.
        until(lambda: gateway.anonymous().post("/api/v1/auth/login", {}).status == 200, what="Redis to be found again")


def test_named_routes_are_those_that_slowapi_limits(strict: GatewayUnderTest) -> None:
    carried = {(method, route.path) for route in _routes(inside(strict)) for method in route.methods or ()}

    assert set(NAMED_ROUTES) <= carried
    others = {path for _, path in NAMED_ROUTES} - set(GUESSABLE)
    assert others == {REFRESH, "/api/v1/ask", *(f"/api/v1/insights/{name}" for name in ("doctor", "refresh"))}


@pytest.mark.parametrize("limit", ["", "none", "0/minute", "10", "-1/minute"])
def test_a_limit_that_is_none_refuses_to_start(limit: str) -> None:
    told = dict.fromkeys(("auth_url", "expenses_url", "insights_url", "jwks_url"), "http://127.0.0.1:1")
    whole = {**told, "redis_url": "redis://127.0.0.1:1/0", "outlay_public_url": PUBLIC, "service_keys": KEYS}
    assert Settings.model_validate(whole).gateway_rate_limit == "600/minute"

    for name in ("gateway_rate_limit", "gateway_sign_in_limit", "gateway_refresh_limit", "gateway_ask_limit"):
        with pytest.raises(ValidationError):
            Settings.model_validate({**whole, name: limit})
