"""Bodies stream both ways, and nothing is left open when a client hangs up."""

from contextlib import ExitStack

import pytest
from prometheus_client import REGISTRY
from starlette.types import Receive, Send

from gateway.gateway_app import CLIENT_LEFT
from gateway.upstreams.circuit_breaker import CircuitBreaker
from gateway.upstreams.upstream import UPLOADS
from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.live import WatchedEventStream
from tests.support.raw_http import connection, raw, read_response, request
from tests.support.redis import RedisServer
from tests.support.stub_service import ReceivedRequest, StubService
from tests.support.waiting import until

START = {"type": "http.response.start", "status": 200}


@pytest.fixture
def insights(gateway: GatewayUnderTest) -> StubService:
    return gateway.insights


def test_a_live_stream_arrives_piece_by_piece_and_closes_when_the_client_leaves(gateway: GatewayUnderTest) -> None:
    events = WatchedEventStream()
    gateway.insights.handler = events
    try:
        with connection(gateway.url) as client:
            client.sendall(request("GET", "/api/v1/live"))
            said = b""
            while b"data: 1" not in said:
                said += client.recv(4096)
            assert b"x-accel-buffering: no" in said.lower()
            assert not events.disconnected.is_set()
        assert until(events.disconnected.is_set, what="the service to notice that the client disconnected")
    finally:
        gateway.insights.handler = gateway.insights.echo


@pytest.mark.parametrize("path", ["/api/v1/live", "/api/v1/insights"])
def test_a_client_that_leaves_before_the_answer_begins_leaves_nothing_behind(
    gateway: GatewayUnderTest, path: str
) -> None:
    events = WatchedEventStream()
    events.silent = True
    gateway.insights.handler = events
    try:
        with connection(gateway.url) as client:
            client.sendall(request("GET", path))
            assert until(events.began.is_set, what="the service to be asked")
        assert until(events.disconnected.is_set, what="the service to notice that the client disconnected")
    finally:
        gateway.insights.handler = gateway.insights.echo


def test_a_large_answer_is_whole(gateway: GatewayUnderTest) -> None:
    piece = b"0123456789abcdef" * 4096

    async def answer(_: ReceivedRequest, __: Receive, send: Send) -> None:
        await send({**START, "headers": []})
        for _count in range(32):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    gateway.expenses.handler = answer
    try:
        response = gateway.anonymous().get("/api/v1/expenses")
    finally:
        gateway.expenses.handler = gateway.expenses.echo

    assert response.body == piece * 32


def test_an_answer_that_breaks_off_does_not_look_whole(gateway: GatewayUnderTest) -> None:
    async def answer(_: ReceivedRequest, __: Receive, send: Send) -> None:
        await send({**START, "headers": []})
        await send({"type": "http.response.body", "body": b"half of it", "more_body": True})
        raise ConnectionAbortedError

    gateway.expenses.handler = answer
    try:
        with connection(gateway.url) as client:
            client.sendall(request("GET", "/api/v1/expenses"))
            said = b""
            while piece := client.recv(4096):
                said += piece
    finally:
        gateway.expenses.handler = gateway.expenses.echo

    assert b"half of it" in said
    assert not said.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize("size", [0, 1, 64 * 1024, 300_000, 1024 * 1024])
def test_a_body_arrives_whole_with_its_length(gateway: GatewayUnderTest, size: int) -> None:
    response = gateway.anonymous().call("POST", "/api/v1/expenses", raw=b"x" * size)

    assert response.json["length"] == size
    assert gateway.expenses.last.one("content-length") == str(size)
    assert gateway.expenses.last.one("transfer-encoding") is None


def test_a_chunked_body_arrives_whole(gateway: GatewayUnderTest) -> None:
    chunks = b"".join(b"%x\r\n%b\r\n" % (50_000, b"y" * 50_000) for _ in range(4)) + b"0\r\n\r\n"

    answer = raw(gateway.url, request("POST", "/api/v1/expenses", "Transfer-Encoding: chunked", body=chunks))

    assert answer.status == 200
    assert len(gateway.expenses.last.body) == 200_000


def test_a_body_over_the_limit_is_refused_declared_or_not(gateway: GatewayUnderTest) -> None:
    before = len(gateway.expenses.requests)
    declared = request("POST", "/api/v1/expenses", "Content-Length: 1048577")
    assert raw(gateway.url, declared).status == 413
    assert len(gateway.expenses.requests) == before

    with connection(gateway.url) as client:
        client.sendall(request("POST", "/api/v1/expenses", "Transfer-Encoding: chunked"))
        for _ in range(21):
            client.sendall(b"%x\r\n%b\r\n" % (50_000, b"z" * 50_000))
        assert read_response(client).status == 413
    assert all(
        len(received.body) < 1024 * 1024 or received.body.startswith(b"x") for received in gateway.expenses.requests
    )


LONG = request("POST", "/api/v1/expenses", "Transfer-Encoding: chunked") + b"%x\r\n%b\r\n" % (80_000, b"l" * 80_000)


def broken_off() -> float:
    """How many requests the door has given up because the client was gone."""
    labels = {"method": "POST", "route": "/api/v1/expenses", "status": str(CLIENT_LEFT)}
    return REGISTRY.get_sample_value("outlay_http_requests_total", labels) or 0


def test_uploads_that_break_off_say_nothing_about_the_service(gateway: GatewayUnderTest) -> None:
    """Otherwise one client could take a service from all others, by hanging up in the middle five times."""
    before = broken_off()
    for _ in range(CircuitBreaker.FAILURES):
        with connection(gateway.url) as client:
            client.sendall(LONG)
    assert until(lambda: broken_off() == before + CircuitBreaker.FAILURES, what="the door to notice each of them")
    assert gateway.anonymous().post("/api/v1/expenses", {}).status == 200


def test_uploads_that_are_too_large_say_nothing_about_the_service(gateway: GatewayUnderTest) -> None:
    for _ in range(CircuitBreaker.FAILURES):
        with connection(gateway.url) as client:
            client.sendall(LONG + b"%x\r\n%b\r\n" % (1_000_000, b"l" * 1_000_000))
            assert read_response(client).status == 413
    assert gateway.anonymous().post("/api/v1/expenses", {}).status == 200


def test_slow_uploads_do_not_take_every_place(shared_redis: RedisServer) -> None:
    with gateway_under_test(shared_redis.url) as gateway, ExitStack() as stack:
        for _ in range(UPLOADS.all):
            stack.enter_context(connection(gateway.url)).sendall(LONG)
        assert gateway.anonymous().post("/api/v1/expenses", {}).status == 200


def test_a_head_request_has_an_answer_without_a_body(gateway: GatewayUnderTest) -> None:
    answer = raw(gateway.url, request("HEAD", "/api/v1/expenses"))

    assert (answer.status, answer.body) == (200, b"")
    assert gateway.expenses.last.method == "HEAD"
