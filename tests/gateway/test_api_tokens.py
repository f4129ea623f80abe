"""A program's token is traded for one that everybody can check; auth is asked seldom, and guessing is bounded."""

import asyncio
import secrets
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Self
from uuid import UUID, uuid4

import pytest
import redis
from starlette.types import Receive, Send

from contracts.ids import LedgerId, UserId
from gateway.authentication import api_tokens
from gateway.authentication.api_tokens import EXCHANGES
from tests.support.cached_responses import HIT, SUMMARY, status_of, store
from tests.support.client import Client
from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.identity_feed import epoch_raised, publish, session_ended
from tests.support.redis import RedisServer
from tests.support.stub_service import ReceivedRequest
from tests.support.waiting import until


def made_up() -> str:
    return f"outlay_pat_{secrets.token_urlsafe(32)}"


def program(gateway: GatewayUnderTest, session: UUID | None = None) -> tuple[UserId, Client]:
    """An account, and a client with an API token of it."""
    account, token = UserId(uuid4()), made_up()
    gateway.auth.api_tokens[token] = gateway.issuer.token(account, sid=str(session or uuid4()), scope="read")
    return account, Client(gateway.url, token)


def test_a_service_sees_the_token_that_it_can_check(gateway: GatewayUnderTest) -> None:
    _, client = program(gateway)
    assert client.token

    assert client.get("/api/v1/expenses").status == 200

    received = gateway.expenses.last
    assert received.one("authorization") == f"Bearer {gateway.auth.api_tokens[client.token]}"
    assert received.one("outlay-via") == "api"


def test_auth_is_asked_once_and_ready_answers_are_sent(gateway: GatewayUnderTest, cache: redis.Redis) -> None:
    account, client = program(gateway)
    body = store(cache, LedgerId(account))

    got = [client.get(SUMMARY) for _ in range(5)]

    assert {status_of(one) for one in got} == {HIT}
    assert {one.body for one in got} == {body}
    assert gateway.auth.exchanged.count(client.token or "") == 1


def test_all_who_come_at_once_share_one_question(gateway: GatewayUnderTest) -> None:
    _, client = program(gateway)
    gate = threading.Event()

    async def slow(received: ReceivedRequest, receive: Receive, send: Send) -> None:
        while not gate.is_set():  # noqa: ASYNC110 - the test sets it from another thread
            await asyncio.sleep(0.01)
        await gateway.auth.exchange(received, receive, send)

    gateway.auth.exchange_handler = slow
    try:
        with ThreadPoolExecutor(6) as pool:
            waiting = [pool.submit(client.get, "/api/v1/expenses") for _ in range(6)]
            until(lambda: client.token in gateway.auth.exchanged, what="auth to be asked")
            gate.set()
            assert {one.result().status for one in waiting} == {200}
    finally:
        gateway.auth.exchange_handler = gateway.auth.exchange
    assert gateway.auth.exchanged.count(client.token or "") == 1


def test_a_token_that_is_none_proves_nothing_and_is_asked_about_once(gateway: GatewayUnderTest) -> None:
    client = Client(gateway.url, made_up())

    for _ in range(3):
        client.get("/api/v1/expenses")
        assert gateway.expenses.last.one("authorization") is None
    assert gateway.auth.exchanged.count(client.token or "") == 1


@pytest.mark.parametrize("rest", ["", "short", "x" * 201, "x" * 30 + "!"])
def test_what_has_not_even_the_shape_of_one_is_not_asked_about(gateway: GatewayUnderTest, rest: str) -> None:
    before = len(gateway.auth.exchanged)

    Client(gateway.url, f"outlay_pat_{rest}").get("/api/v1/expenses")

    assert gateway.expenses.last.one("authorization") is None
    assert len(gateway.auth.exchanged) == before


@pytest.fixture
def strict(shared_redis: RedisServer) -> Iterator[GatewayUnderTest]:
    with gateway_under_test(shared_redis.url, gateway_sign_in_limit="3/hour") as started:
        yield started


def test_who_tries_many_is_stopped_before_auth_is_asked(strict: GatewayUnderTest) -> None:
    _, known = program(strict)
    assert known.get("/api/v1/expenses").status == 200

    statuses = [Client(strict.url, made_up()).get("/api/v1/expenses").status for _ in range(6)]

    assert statuses == [200, 200, 200, 429, 429, 429], "the first three went on as anonymous ones"
    assert len(strict.auth.exchanged) == 4
    assert known.get("/api/v1/expenses").status == 200, "a client that is known already goes on"


def test_a_token_that_is_taken_back_is_refused_before_its_minute_is_over(
    strict: GatewayUnderTest, cache: redis.Redis
) -> None:
    session = uuid4()
    account, client = program(strict, session)
    assert client.get("/api/v1/expenses").status == 200

    publish(cache, strict.auth.feed.append(session_ended(session, account)))

    until(lambda: client.get("/api/v1/expenses").status == 401, what="the token to be refused")


def test_a_program_need_not_know_that_a_role_has_changed(strict: GatewayUnderTest, cache: redis.Redis) -> None:
    """A browser refreshes; a program has nothing to refresh, so its token is traded anew at once."""
    account, client = program(strict)
    token = client.token or ""
    assert client.get("/api/v1/expenses").status == 200
    strict.auth.api_tokens[token] = strict.issuer.token(account, scope="read", epoch=1)
    other = Client(strict.url, strict.issuer.token(account))

    publish(cache, strict.auth.feed.append(epoch_raised(account, 1)))

    until(lambda: other.get("/api/v1/expenses").status == 401, what="the change to be known")
    assert [client.get("/api/v1/expenses").status for _ in range(3)] == [200, 200, 200]
    assert strict.auth.exchanged.count(token) == 2


def test_while_auth_is_away_who_is_known_goes_on(strict: GatewayUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(_: ReceivedRequest, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    monkeypatch.setattr(api_tokens, "VALID_TTL", -1.0)
    _, known = program(strict)
    _, unknown = program(strict)
    assert known.get("/api/v1/expenses").status == 200
    strict.auth.exchange_handler = fail

    assert known.get("/api/v1/expenses").status == 200
    got = unknown.get("/api/v1/expenses")
    assert (got.status, got.headers["Retry-After"]) == (503, "1")
    strict.auth.exchange_handler = strict.auth.exchange
    assert unknown.get("/api/v1/expenses").status == 200


def test_tokens_that_come_at_once_wait_for_each_other(gateway: GatewayUnderTest) -> None:
    clients = [program(gateway)[1] for _ in range(40)]
    gate, under_way, most = threading.Event(), 0, 0

    async def slow(received: ReceivedRequest, receive: Receive, send: Send) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        while not gate.is_set():  # noqa: ASYNC110 - the test sets it from another thread
            await asyncio.sleep(0.01)
        await gateway.auth.exchange(received, receive, send)
        under_way -= 1

    gateway.auth.exchange_handler = slow
    try:
        with ThreadPoolExecutor(len(clients)) as pool:
            waiting = [pool.submit(client.get, "/api/v1/expenses") for client in clients]
            until(lambda: under_way == EXCHANGES.per_lane, what="auth to be asked for all that it may be asked at once")
            gate.set()
            assert [response.result().status for response in waiting] == [200] * len(clients)
    finally:
        gateway.auth.exchange_handler = gateway.auth.exchange
    assert most == EXCHANGES.per_lane == 8


def test_what_auth_said_is_not_forgotten_all_at_once(
    gateway: GatewayUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    remembered: list[float] = []

    class RecordedExchange(api_tokens.CachedExchange):
        def __new__(cls, token: bytes | None, fresh_until: float) -> Self:
            remembered.append(fresh_until - time.monotonic())
            return super().__new__(cls, token, fresh_until)

    monkeypatch.setattr(api_tokens, "CachedExchange", RecordedExchange)
    for _ in range(12):
        assert program(gateway)[1].get("/api/v1/expenses").status == 200

    least = api_tokens.VALID_TTL * (1 - api_tokens.JITTER)
    assert all(least - 1 <= seconds <= api_tokens.VALID_TTL for seconds in remembered)
    assert max(remembered) - min(remembered) > 1


def test_only_so_many_are_remembered(strict: GatewayUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_tokens, "CACHE_SIZE", 1)
    (_, one), (_, other) = program(strict), program(strict)

    assert [client.get("/api/v1/expenses").status for client in (one, other, one)] == [200, 200, 200]
    assert strict.auth.exchanged.count(one.token or "") == 2
