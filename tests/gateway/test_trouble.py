"""What clients see of a service in trouble, and that the others see nothing of it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from starlette.types import Receive, Send

from chassis.errors import TooManyRequests
from gateway.errors import ServiceAway, ServiceBusy
from gateway.guards import Breaker, RetryBudget
from gateway.places import Shares, Slots
from gateway.routing import Service
from gateway.upstream import PATIENCE
from tests.support.front_door import FrontDoor, front_door
from tests.support.redis import RedisServer
from tests.support.rude_server import CLOSE, SILENCE, RudeServer, rude_server, said
from tests.support.stub_service import Asked, reply
from tests.support.waiting import until

READY = said(b"{}")


@contextmanager
def behind(redis: RedisServer, *script: bytes) -> Iterator[tuple[FrontDoor, RudeServer]]:
    """A gateway whose expenses service is rude, but was ready once."""
    with rude_server(READY, *script) as rude, front_door(redis.url, expenses_url=rude.url) as door:
        yield door, rude


def test_a_reading_request_is_tried_once_more(shared_redis: RedisServer) -> None:
    with behind(shared_redis, CLOSE, said(b"here")) as (door, rude):
        got = door.anyone().get("/api/v1/expenses")

        assert (got.status, got.body) == (200, b"here")
        assert rude.connections == 3


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE", "PUT"])
def test_a_writing_request_is_never_sent_twice(shared_redis: RedisServer, method: str) -> None:
    with behind(shared_redis, CLOSE, said(b"done twice")) as (door, rude):
        got = door.anyone().call(method, "/api/v1/expenses/1", raw=b"{}")

        assert got.status == 503
        assert got.json["type"] == "urn:outlay:problem:unavailable"
        assert int(got.headers["Retry-After"]) >= 1
        assert rude.connections == 2


def test_a_service_that_is_down_is_left_alone_and_the_others_go_on(shared_redis: RedisServer) -> None:
    with behind(shared_redis, CLOSE) as (door, rude):
        client = door.anyone()
        for _ in range(Breaker.FAILURES):
            assert client.post("/api/v1/expenses", {}).status == 503
        asked = rude.connections
        refused = [client.post("/api/v1/expenses", {}) for _ in range(20)]

        assert {got.status for got in refused} == {503}
        assert all(got.headers["Retry-After"] == "1" for got in refused)
        # One is let through now and then, however slow this machine is; not all twenty.
        assert rude.connections - asked < 20
        assert client.get("/api/v1/insights").status == 200
        assert client.get("/readyz").status == 200


def test_a_service_that_comes_back_is_found(shared_redis: RedisServer) -> None:
    with behind(shared_redis, *[CLOSE] * (Breaker.FAILURES + 1), said(b"back")) as (door, _):
        client = door.anyone()
        for _ in range(Breaker.FAILURES + 1):
            assert client.post("/api/v1/expenses", {}).status == 503

        until(lambda: client.post("/api/v1/expenses", {}).status == 200, what="the service to be found again")


def test_a_service_that_says_nothing_is_waited_for_but_not_for_long(
    shared_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PATIENCE, Service.EXPENSES, 0.2)
    with behind(shared_redis, SILENCE) as (door, rude):
        got = door.anyone().get("/api/v1/expenses")

        assert got.status == 503
        assert got.headers["Retry-After"] == "1"
        assert rude.connections == 2


def test_an_answer_that_breaks_off_before_it_began_is_a_503(shared_redis: RedisServer) -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"
    with behind(shared_redis, half) as (door, _):
        assert door.anyone().get("/api/v1/expenses").status == 503


def test_what_a_service_says_is_its_own_affair(door: FrontDoor) -> None:
    async def fail(_: Asked, __: Receive, send: Send) -> None:
        await reply(send, b"{}", status=500)

    door.expenses.answer = fail
    try:
        statuses = {door.anyone().get("/api/v1/expenses").status for _ in range(Breaker.FAILURES + 3)}
    finally:
        door.expenses.answer = door.expenses.echo

    assert statuses == {500}
    assert door.anyone().get("/api/v1/expenses").status == 200


def test_a_redirect_is_passed_on_not_followed(door: FrontDoor) -> None:
    async def redirect(_: Asked, __: Receive, send: Send) -> None:
        await reply(send, status=307, headers=[("location", "http://127.0.0.1:1/internal")])

    door.expenses.answer = redirect
    try:
        got = door.anyone().get("/api/v1/expenses")
    finally:
        door.expenses.answer = door.expenses.echo

    assert got.status == 307


def test_the_gateway_is_ready_once_every_service_was(shared_redis: RedisServer) -> None:
    with rude_server(said(b"{}", "503 Service Unavailable")) as never, pytest.raises(AssertionError, match="ready"):
        _ready_with(shared_redis, never)
    with rude_server(said(b"{}", "503 Service Unavailable"), CLOSE, READY) as later:
        assert _ready_with(shared_redis, later)


def _ready_with(redis: RedisServer, insights: RudeServer) -> bool:
    with front_door(redis.url, patience=1, insights_url=insights.url) as door:
        return door.anyone().get("/readyz").status == 200


def test_a_breaker_opens_after_failures_in_a_row_only(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("gateway.guards.time.monotonic", lambda: now)
    breaker = Breaker("expenses")
    for _ in range(3):
        for _ in range(Breaker.FAILURES - 1):
            breaker.failed()
        breaker.succeeded("ada")
    breaker.enter("ada")
    for _ in range(Breaker.FAILURES):
        breaker.failed()

    with pytest.raises(ServiceAway):
        breaker.enter("ada")
    now += Breaker.PAUSE
    breaker.enter("ada")
    with pytest.raises(ServiceAway):
        breaker.enter("ada")
    breaker.succeeded("ada")
    breaker.enter("ada")


def test_time_outs_of_one_caller_stop_that_caller_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("gateway.guards.time.monotonic", lambda: now)
    breaker = Breaker("expenses")
    for _ in range(3 * Breaker.FAILURES):
        breaker.timed_out("greedy")

    with pytest.raises(ServiceAway):
        breaker.enter("greedy")
    breaker.enter("other")
    breaker.succeeded("other")
    with pytest.raises(ServiceAway):
        breaker.enter("greedy")
    now += Breaker.PAUSE
    breaker.enter("greedy")
    breaker.succeeded("greedy")
    breaker.enter("greedy")


def test_time_outs_of_several_callers_in_a_row_stop_all_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("gateway.guards.time.monotonic", lambda: now)
    breaker = Breaker("expenses")
    for number in range(Breaker.CALLERS - 1):
        breaker.timed_out(str(number))
    breaker.succeeded("another")
    for number in range(Breaker.CALLERS):
        breaker.enter("another")
        breaker.timed_out(str(number))

    with pytest.raises(ServiceAway):
        breaker.enter("another")
    now += Breaker.PAUSE
    breaker.enter("another")
    with pytest.raises(ServiceAway):
        breaker.enter("a third")
    breaker.succeeded("another")
    breaker.enter("a third")


def test_slots_are_shared_by_caller_and_by_network() -> None:
    slots = Slots("insights", Shares(all=5, each=2, network=3))
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(slots.place("one", "here"))
        with pytest.raises(TooManyRequests), slots.place("one", "there"):
            pass
        stack.enter_context(slots.place("two", "here"))
        with pytest.raises(TooManyRequests), slots.place("three", "here"):
            pass
        stack.enter_context(slots.place("three", "there"))
        stack.enter_context(slots.place("four", "there"))
        with pytest.raises(ServiceBusy) as caught, slots.place("five", "elsewhere"):
            pass
        assert int(caught.value.headers["Retry-After"]) >= 1
    with slots.place("one", "here"):
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
