"""What a hostile client sends: bytes that two readers could read in two ways, heads and bodies without an end."""

import json
import socket
import time
from collections.abc import Iterator
from itertools import chain
from typing import Never

import jwt
import pytest

from contracts.cookies import session_cookies
from contracts.identity import SERVICE_TYPE
from gateway.http import protocol, request_body
from gateway.request_context import MAX_HEAD_BYTES
from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.identity_feed import KEYS
from tests.support.raw_http import connection, raw, read_response, request
from tests.support.redis import RedisServer
from tests.support.stub_service import ReceivedRequest

HIDDEN = b"GET /api/v1/categories?hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
"""A request in what looks like the body of another."""


def post(*lines: str) -> bytes:
    return request("POST", "/api/v1/expenses", *lines)


def chunked(body: bytes, *lines: str) -> bytes:
    return post("Transfer-Encoding: chunked", *lines) + body


EMPTY = b"0\r\n\r\n"
SMUGGLED = {
    "a length and chunks": post("Content-Length: 5", "Transfer-Encoding: chunked") + EMPTY,
    "chunks and a length": post("Transfer-Encoding: chunked", "Content-Length: 5") + EMPTY,
    "two lengths": post("Content-Length: 0", "Content-Length: 50"),
    "one length twice": post("Content-Length: 0", "Content-Length: 0"),
    "a list of lengths": post("Content-Length: 0, 50"),
    "a signed length": post("Content-Length: +0"),
    "a negative length": post("Content-Length: -1"),
    "a length in hexadecimal": post("Content-Length: 0x0"),
    "an unknown encoding": post("Transfer-Encoding: xchunked") + EMPTY,
    "no encoding by name": post("Transfer-Encoding: identity") + EMPTY,
    "chunks that are not the last": post("Transfer-Encoding: chunked, identity") + EMPTY,
    "chunks of something": post("Transfer-Encoding: gzip, chunked") + EMPTY,
    "two encodings": post("Transfer-Encoding: chunked", "Transfer-Encoding: identity") + EMPTY,
    "a space before the colon": post("Transfer-Encoding : chunked") + EMPTY,
    "a vertical tab": post("Transfer-Encoding:\vchunked") + EMPTY,
    "a folded encoding": post("Transfer-Encoding:\r\n chunked") + EMPTY,
    "a folded field": post("X-A: b\r\n c", "Content-Length: 0"),
    "bare line feeds": post("Content-Length: 0").replace(b"\r\n", b"\n"),
    "one bare line feed": post("X-A: b\nContent-Length: 0"),
    "a bare carriage return": post("X-A: b\rContent-Length: 0"),
    "a null byte": post("X-A: b\0c", "Content-Length: 0"),
    "a field without a name": post(": b", "Content-Length: 0"),
    "a name with a space": post("X A: b", "Content-Length: 0"),
    "a chunk of no size": chunked(b"zz\r\nabc\r\n" + EMPTY),
    "a chunk of negative size": chunked(b"-1\r\nabc\r\n" + EMPTY),
    "a chunk beyond all numbers": chunked(b"FFFFFFFFFFFFFFFFFF\r\nabc\r\n" + EMPTY),
    "a chunk longer than it says": chunked(b"3\r\nabcd\r\n" + EMPTY),
    "chunks with bare line feeds": chunked(b"3\nabc\n0\n\n"),
    "a line feed in a chunk's extension": chunked(b"3;a\nb\r\nabc\r\n" + EMPTY),
    "no host": b"GET /api/v1/expenses HTTP/1.1\r\n\r\n",
    "two hosts": request("GET", "/api/v1/expenses", "Host: other"),
    "a version to come": b"GET /api/v1/expenses HTTP/2.0\r\nHost: localhost\r\n\r\n",
    "a version long gone": b"GET /api/v1/expenses\r\n\r\n",
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "tabs in the first line": b"GET\t/api/v1/expenses\tHTTP/1.1\r\nHost: localhost\r\n\r\n",
    "another server's name": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


def received(gateway: GatewayUnderTest) -> list[ReceivedRequest]:
    return list(chain(gateway.auth.requests, gateway.expenses.requests, gateway.insights.requests))


@pytest.mark.parametrize("name", SMUGGLED)
def test_what_could_be_read_in_two_ways_is_refused_and_nothing_after_it_is_read(
    gateway: GatewayUnderTest, name: str
) -> None:
    before = len(received(gateway))
    with connection(gateway.url) as line:
        line.sendall(SMUGGLED[name] + HIDDEN)
        assert read_response(line).status == 400
        assert line.recv(4096) == b"", "the connection was closed"

    assert len(received(gateway)) == before


def test_a_request_within_another_is_its_body(gateway: GatewayUnderTest) -> None:
    before = len(received(gateway))

    raw(gateway.url, request("GET", "/api/v1/expenses", f"Content-Length: {len(HIDDEN)}", body=HIDDEN))

    last = gateway.expenses.last
    assert (len(received(gateway)), last.target, last.body) == (before + 1, "/api/v1/expenses", HIDDEN)


def test_an_upgrade_is_not_taken_up(gateway: GatewayUnderTest) -> None:
    h2c = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA")
    assert raw(gateway.url, request("GET", "/api/v1/expenses", *h2c)).status == 200
    assert not {"upgrade", "connection", "http2-settings"} & {name for name, _ in gateway.expenses.last.headers}

    websocket = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==")
    answer = raw(gateway.url, request("GET", "/api/v1/live", *websocket, "Sec-WebSocket-Version: 13"))
    assert answer.status != 101


@pytest.mark.parametrize("at_once", [True, False])
def test_fields_after_the_body_are_dropped(shared_redis: RedisServer, at_once: bool) -> None:  # noqa: FBT001 - both ways
    """A proxy has looked at the head alone: what comes later could say that it came from any address, or any user."""
    late = b"0\r\nX-Forwarded-For: 6.6.6.6\r\nIf-Match: late\r\nAuthorization: Bearer late\r\n\r\n"
    with (
        gateway_under_test(shared_redis.url, gateway_trusted_proxies="127.0.0.1") as gateway,
        connection(gateway.url) as line,
    ):
        head = request("POST", "/api/v1/auth/login", "Transfer-Encoding: chunked", "X-Forwarded-For: 192.0.2.7")
        if at_once:
            line.sendall(head + late)
        else:
            line.sendall(head)
            line.sendall(late)
        assert read_response(line).status == 200

        assert gateway.auth.last.one("outlay-address") == "192.0.2.7"
        assert "late" not in str(gateway.auth.last.headers)


def test_long_heads_are_read_and_longer_ones_are_not(gateway: GatewayUnderTest) -> None:
    before = len(received(gateway))
    assert raw(gateway.url, request("GET", "/api/v1/expenses", "X-A: " + "a" * 10_000)).status == 200
    assert len(received(gateway)) == before + 1

    for lines in (["X-A: " + "a" * MAX_HEAD_BYTES], ["X-A: a"] * (MAX_HEAD_BYTES // 4)):
        answer = raw(gateway.url, request("GET", "/api/v1/expenses", *lines))
        assert answer.status == 431
        assert json.loads(answer.body)["type"] == "urn:outlay:problem:headers-too-large"
    assert len(received(gateway)) == before + 1


@pytest.mark.parametrize("piece", [b"a" * 1024, b"a\r\nX-A: "], ids=["one field", "fields"])
def test_a_head_without_an_end_is_cut_off(gateway: GatewayUnderTest, piece: bytes) -> None:
    with connection(gateway.url) as line:
        line.sendall(b"GET /api/v1/expenses HTTP/1.1\r\nHost: localhost\r\nX-A: ")
        with pytest.raises(OSError, match=r"reset|pipe"):
            go_on(line, piece)


def go_on(line: socket.socket, piece: bytes) -> Never:
    while True:
        line.sendall(piece)


@pytest.mark.parametrize(
    "sent", [b"", b"GET /api/v1/exp", b"GET / HTTP/1.1\r\nHost: localhost\r\n"], ids=["nothing", "a line", "a field"]
)
def test_a_head_that_does_not_come_is_not_waited_for(
    gateway: GatewayUnderTest, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(protocol, "HEAD_TIMEOUT", 0.1)
    with connection(gateway.url) as line:
        line.sendall(sent)
        assert line.recv(4096) == b"", "the connection was closed"


def test_a_body_that_does_not_come_is_not_waited_for(
    gateway: GatewayUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_body, "CHUNK_TIMEOUT", 0.1)
    before = len(received(gateway))
    for lines in (["Content-Length: 10"], ["Transfer-Encoding: chunked"]):
        with connection(gateway.url) as line:
            line.sendall(post(*lines))
            answer = read_response(line)
        assert answer.status == 408
        assert answer.headers["Connection"] == "close"
        assert json.loads(answer.body)["type"] == "urn:outlay:problem:too-slow"
    assert len(received(gateway)) == before


def test_a_services_token_is_nobodys_at_the_door(gateway: GatewayUnderTest) -> None:
    now = int(time.time())
    claims = {"iss": "gateway", "aud": "auth", "iat": now, "exp": now + 60, "sub": "x"}
    key = KEYS["gateway>auth"].get_secret_value()
    token = jwt.encode(claims, key, algorithm="HS256", headers={"typ": SERVICE_TYPE})

    for path in ("/api/v1/auth/me", "/api/v1/expenses", "/api/v1/ledgers"):
        assert raw(gateway.url, request("GET", path, f"Authorization: Bearer {token}")).status == 200
    assert raw(gateway.url, request("GET", "/internal/identity", f"Authorization: Bearer {token}")).status == 404
    assert all(token not in str(one.headers) for one in received(gateway))


@pytest.fixture(scope="module")
def secure(shared_redis: RedisServer) -> Iterator[GatewayUnderTest]:
    with gateway_under_test(shared_redis.url, outlay_public_url="https://outlay.example") as started:
        yield started


def test_over_https_only_cookies_that_no_other_host_can_set_are_read(secure: GatewayUnderTest) -> None:
    """`__Host-` is the browser's promise; others may have been set over http, or by a neighbour under our domain."""
    names = session_cookies("https://outlay.example")
    (_, mine), (_, planted) = secure.new_user(), secure.new_user()
    weak = ("outlay_access_443", "outlay_access_80", "outlay_access_8000", "outlay_access", "__Secure-outlay_access")

    for name in weak:
        raw(secure.url, request("GET", "/api/v1/expenses", f"Cookie: {name}={planted.token}"))
        assert secure.expenses.last.one("authorization") is None
        raw(
            secure.url,
            request("GET", "/api/v1/expenses", f"Cookie: {name}={planted.token}; {names.access}={mine.token}"),
        )
        assert secure.expenses.last.one("authorization") == f"Bearer {mine.token}"
    refresh = f"Cookie: outlay_refresh_443=planted; {names.refresh}=mine"
    raw(secure.url, request("POST", "/api/v1/auth/refresh", refresh, "Content-Length: 0"))
    assert secure.auth.last.one("cookie") == f"{names.refresh}=mine"
