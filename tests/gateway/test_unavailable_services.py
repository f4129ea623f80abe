"""What clients see of a service in trouble, and that the others see nothing of it."""

from contextlib import ExitStack

import pytest
from starlette.types import Receive, Send

from chassis.errors import TooManyRequests
from gateway.errors import ServiceBusy
from gateway.routes import Service
from gateway.upstreams.circuit_breaker import CircuitBreaker, RetryBudget
from gateway.upstreams.concurrency_limits import ConcurrencyShares, UnqueuedSlots
from gateway.upstreams.upstream import READ_TIMEOUT
from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.redis import RedisServer
from tests.support.scripted_expenses import READY, gateway_with_scripted_expenses
from tests.support.scripted_server import CLOSE, SILENCE, ScriptedServer, http_response, scripted_server
from tests.support.stub_service import ReceivedRequest, reply


def test_a_reading_request_is_tried_once_more(shared_redis: RedisServer) -> None:
    with gateway_with_scripted_expenses(shared_redis, CLOSE, http_response(b"here")) as (gateway, upstream):
        response = gateway.anonymous().get("/api/v1/expenses")

        assert (response.status, response.body) == (200, b"here")
        assert upstream.connections == 3


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE", "PUT"])
def test_a_writing_request_is_never_sent_twice(shared_redis: RedisServer, method: str) -> None:
    with gateway_with_scripted_expenses(shared_redis, CLOSE, http_response(b"done twice")) as (gateway, upstream):
        response = gateway.anonymous().call(method, "/api/v1/expenses/1", raw=b"{}")

        assert response.status == 503
        assert response.json["type"] == "urn:outlay:problem:unavailable"
        assert int(response.headers["Retry-After"]) >= 1
        assert upstream.connections == 2


def test_a_service_that_says_nothing_is_waited_for_but_not_for_long(
    shared_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(READ_TIMEOUT, Service.EXPENSES, 0.2)
    with gateway_with_scripted_expenses(shared_redis, SILENCE) as (gateway, upstream):
        response = gateway.anonymous().get("/api/v1/expenses")

        assert response.status == 503
        assert response.headers["Retry-After"] == "1"
        assert upstream.connections == 2


def test_an_answer_that_breaks_off_before_it_began_is_a_503(shared_redis: RedisServer) -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"
    with gateway_with_scripted_expenses(shared_redis, half) as (gateway, _):
        assert gateway.anonymous().get("/api/v1/expenses").status == 503


def test_what_a_service_says_is_its_own_affair(gateway: GatewayUnderTest) -> None:
    async def fail(_: ReceivedRequest, __: Receive, send: Send) -> None:
        await reply(send, b"{}", status=500)

    gateway.expenses.handler = fail
    try:
        statuses = {gateway.anonymous().get("/api/v1/expenses").status for _ in range(CircuitBreaker.FAILURES + 3)}
    finally:
        gateway.expenses.handler = gateway.expenses.echo

    assert statuses == {500}
    assert gateway.anonymous().get("/api/v1/expenses").status == 200


def test_a_redirect_is_passed_on_not_followed(gateway: GatewayUnderTest) -> None:
    async def redirect(_: ReceivedRequest, __: Receive, send: Send) -> None:
        await reply(send, status=307, headers=[("location", "http://127.0.0.1:1/internal")])

    gateway.expenses.handler = redirect
    try:
        response = gateway.anonymous().get("/api/v1/expenses")
    finally:
        gateway.expenses.handler = gateway.expenses.echo

    assert response.status == 307


def test_the_gateway_is_ready_once_every_service_was(shared_redis: RedisServer) -> None:
    with (
        scripted_server(http_response(b"{}", "503 Service Unavailable")) as never,
        pytest.raises(AssertionError, match="ready"),
    ):
        _ready_with(shared_redis, never)
    with scripted_server(http_response(b"{}", "503 Service Unavailable"), CLOSE, READY) as later:
        assert _ready_with(shared_redis, later)


def _ready_with(redis: RedisServer, insights: ScriptedServer) -> bool:
    with gateway_under_test(redis.url, timeout=1, insights_url=insights.url) as gateway:
        return gateway.anonymous().get("/readyz").status == 200


def test_slots_are_shared_by_caller_and_by_network() -> None:
    slots = UnqueuedSlots("insights", ConcurrencyShares(all=5, each=2, network=3))
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(slots.acquire("one", "here"))
        with pytest.raises(TooManyRequests), slots.acquire("one", "there"):
            pass
        stack.enter_context(slots.acquire("two", "here"))
        with pytest.raises(TooManyRequests), slots.acquire("three", "here"):
            pass
        stack.enter_context(slots.acquire("three", "there"))
        stack.enter_context(slots.acquire("four", "there"))
        with pytest.raises(ServiceBusy) as caught, slots.acquire("five", "elsewhere"):
            pass
        assert int(caught.value.headers["Retry-After"]) >= 1
    with slots.acquire("one", "here"):
        assert slots._callers == {"one": 1}
    assert not slots._callers
    assert not slots._networks


def test_second_tries_are_a_small_part_of_all() -> None:
    budget = RetryBudget()

    spent = 0
    for _ in range(1000):
        budget.earn()
        spent += budget.spend()

    assert 100 <= spent <= 111
