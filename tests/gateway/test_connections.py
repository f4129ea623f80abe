"""Connections, live streams and request bodies are bounded, in number and in time, for each client."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from prometheus_client import REGISTRY
from starlette.types import Receive, Send

from contracts.ids import UserId
from gateway.client_addresses import TrustedProxies
from gateway.forwarding import proxy
from gateway.http import protocol, request_body
from gateway.http.connections import RESERVED, ConnectionLimits
from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.live import WatchedEventStream
from tests.support.raw_http import connection, read_response, request
from tests.support.redis import RedisServer
from tests.support.stub_service import ReceivedRequest, reply
from tests.support.waiting import until

NO_PROXIES = TrustedProxies(frozenset())


def open_connections() -> float:
    return REGISTRY.get_sample_value("outlay_connections") or 0


def test_connections_beyond_the_bounds_are_refused_in_a_way_that_a_client_understands(
    shared_redis: RedisServer,
) -> None:
    with (
        gateway_under_test(shared_redis.url, gateway_connections=8, gateway_connections_each=6) as gateway,
        ExitStack() as stack,
    ):
        until(lambda: open_connections() <= 1, what="the connections of the start to be closed")
        held = [stack.enter_context(connection(gateway.url)) for _ in range(5)]
        until(lambda: open_connections() >= 6, what="all to be counted")
        refused = read_response(stack.enter_context(connection(gateway.url)))
        assert refused.status == 429
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert b"urn:outlay:problem:too-many-requests" in refused.body
        assert int(refused.headers["Retry-After"]) >= 1

        held[0].close()
        until(lambda: _answered(gateway), what="a place to be free again")


def _answered(gateway: GatewayUnderTest) -> bool:
    with connection(gateway.url) as client:
        client.sendall(request("GET", "/livez", "Connection: close"))
        return read_response(client).status == 200


def test_bounds_hold_for_each_network_and_for_all() -> None:
    connections = ConnectionLimits(4, 2, 10_000, NO_PROXIES)

    assert [connections.open("192.0.2.1") for _ in range(2)] == [None, None]
    assert (connections.open("192.0.2.1") or b"").startswith(b"HTTP/1.1 429 ")
    assert [connections.open(address) for address in ("2001:db8::1", "2001:db8::2")] == [None, None]
    assert (connections.open("192.0.2.9") or b"").startswith(b"HTTP/1.1 503 ")
    connections.close("2001:db8::1")
    assert connections.open("192.0.2.9") is None


def test_there_are_never_more_connections_than_descriptors_for_them() -> None:
    connections = ConnectionLimits(4_000, 4_000, RESERVED + 6, NO_PROXIES)

    refused = [connections.open("192.0.2.1") is not None for _ in range(4)]

    assert refused == [False, False, False, True]


@pytest.fixture
def impatient(gateway: GatewayUnderTest, monkeypatch: pytest.MonkeyPatch) -> GatewayUnderTest:
    """A gateway that waits at most a second for the whole of a request body."""
    monkeypatch.setattr(request_body, "TIMEOUT", 1.0)
    monkeypatch.setattr(protocol, "HEAD_TIMEOUT", 0.2)
    monkeypatch.setattr(protocol, "BODY_TIMEOUT", 1.5)
    return gateway


@pytest.mark.parametrize("path", ["/api/v1/expenses", "/livez", "/"], ids=["a service", "health", "the web app"])
def test_a_body_that_comes_byte_by_byte_is_cut_off(impatient: GatewayUnderTest, path: str) -> None:
    with connection(impatient.url) as client:
        client.sendall(request("POST", path, "Content-Length: 1000000"))
        assert until(lambda: _is_closed_after(client), what="the connection to be closed")


def _is_closed_after(client: socket.socket) -> bool:
    try:
        client.sendall(b"x")
    except OSError:
        return True
    return False


def test_a_head_that_comes_byte_by_byte_is_cut_off(impatient: GatewayUnderTest) -> None:
    with connection(impatient.url) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ")
        assert until(lambda: _is_closed_after(client), what="the connection to be closed")


def test_a_client_that_does_not_read_is_cut_off(gateway: GatewayUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also if unsent data would keep the connection open indefinitely."""
    monkeypatch.setattr(proxy, "READ_TIMEOUT", 0.2)
    monkeypatch.setattr(protocol, "HEAD_TIMEOUT", 0.2)

    async def much(_: ReceivedRequest, __: Receive, send: Send) -> None:
        await reply(send, b"x" * 20_000_000)

    before = open_connections()
    gateway.expenses.handler = much
    try:
        with connection(gateway.url) as client:
            client.sendall(request("GET", "/api/v1/journal"))
            until(lambda: open_connections() > before, what="the connection to be counted")
            until(lambda: open_connections() <= before, what="the connection to be ended")
    finally:
        gateway.expenses.handler = gateway.expenses.echo


@contextmanager
def streaming(gateway: GatewayUnderTest) -> Iterator[None]:
    gateway.insights.handler = WatchedEventStream()
    try:
        yield
    finally:
        gateway.insights.handler = gateway.insights.echo


def _opened(gateway: GatewayUnderTest, stack: ExitStack, path: str = "/api/v1/live", method: str = "GET") -> int:
    """Opens a stream of a new account, which stays open, and returns its status."""
    account, _ = gateway.new_user()
    client = stack.enter_context(connection(gateway.url))
    client.sendall(request(method, path, f"Authorization: Bearer {gateway.issuer.token(UserId(account))}"))
    return int(client.recv(4096).split(b" ", 2)[1])


def test_many_accounts_of_one_network_leave_live_streams_to_others_and_ask_to_all(shared_redis: RedisServer) -> None:
    bounds: dict[str, Any] = {
        "gateway_streams": 9,
        "gateway_streams_network": 6,
        "gateway_trusted_proxies": "127.0.0.1",
    }
    with gateway_under_test(shared_redis.url, **bounds) as gateway, streaming(gateway), ExitStack() as stack:
        assert [_opened(gateway, stack) for _ in range(8)] == [200] * 6 + [429] * 2
        account, _ = gateway.new_user()
        elsewhere = stack.enter_context(connection(gateway.url))
        token = f"Authorization: Bearer {gateway.issuer.token(UserId(account))}"
        elsewhere.sendall(request("GET", "/api/v1/live", token, "X-Forwarded-For: 192.0.2.7"))
        assert elsewhere.recv(4096).startswith(b"HTTP/1.1 200 ")
        assert _opened(gateway, stack, "/api/v1/ask", "POST") == 200


def test_one_account_has_a_share_of_the_live_streams(shared_redis: RedisServer) -> None:
    with (
        gateway_under_test(shared_redis.url, gateway_streams_each=2) as gateway,
        streaming(gateway),
        ExitStack() as stack,
    ):
        account, _ = gateway.new_user()
        token = f"Authorization: Bearer {gateway.issuer.token(UserId(account))}"
        statuses = []
        for _ in range(3):
            client = stack.enter_context(connection(gateway.url))
            client.sendall(request("GET", "/api/v1/live", token))
            statuses.append(int(client.recv(4096).split(b" ", 2)[1]))
        assert statuses == [200, 200, 429]
