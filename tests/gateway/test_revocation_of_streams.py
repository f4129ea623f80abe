"""A live stream that is open ends when its token is good no more, in the way in which a stream ends."""

import time
from collections.abc import Iterator
from uuid import uuid4

import pytest

from chassis.security.access_tokens import LEEWAY
from contracts.ids import UserId
from gateway.authentication import journal_reader
from tests.support.client import Client
from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.identity_feed import epoch_raised, session_ended
from tests.support.live import WatchedEventStream
from tests.support.raw_http import connection, raw, request
from tests.support.waiting import until


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[GatewayUnderTest]:
    monkeypatch.setattr(journal_reader, "INTERVAL", 0.05)
    with gateway_under_test("redis://127.0.0.1:1/0") as started:
        yield started


def listen(client: Client) -> bytes:
    """Until the end."""
    assert client.token
    said = b""
    with connection(client.base) as line:
        line.sendall(request("GET", "/api/v1/live", f"Authorization: Bearer {client.token}"))
        while not said.endswith(b"0\r\n\r\n"):
            piece = line.recv(4096)
            assert piece, said
            said += piece
    return said


@pytest.mark.parametrize("how", ["its session ends", "its epoch is raised"])
def test_it_ends_cleanly_when_its_token_is_refused(gateway: GatewayUnderTest, how: str) -> None:
    events, session = WatchedEventStream(), uuid4()
    gateway.insights.handler = events
    account, client = gateway.new_user(sid=str(session))
    events.after_start = lambda: gateway.auth.feed.append(
        session_ended(session, UserId(account)) if how == "its session ends" else epoch_raised(UserId(account), 1)
    )

    said = listen(client)

    assert said.startswith(b"HTTP/1.1 200")
    assert b"data: 1" in said
    assert until(events.disconnected.is_set, what="the service to notice that the client disconnected")
    assert client.get("/api/v1/live").status == 401


def test_it_ends_when_its_token_runs_out(gateway: GatewayUnderTest) -> None:
    gateway.insights.handler = WatchedEventStream()
    _, client = gateway.new_user(exp=int(time.time()) - LEEWAY + 2)

    assert b"data: 1" in listen(client)


def test_others_stay_open(gateway: GatewayUnderTest) -> None:
    events, session = WatchedEventStream(), uuid4()
    gateway.insights.handler = events
    account, _ = gateway.new_user(sid=str(session))
    with connection(gateway.url) as line:
        line.sendall(request("GET", "/api/v1/live", f"Authorization: Bearer {gateway.issuer.token(UserId(account))}"))
        until(events.began.is_set, what="the stream to begin")
        gateway.auth.feed.append(session_ended(session, UserId(account)))
        ended = Client(gateway.url, gateway.issuer.token(UserId(account), sid=str(session)))
        until(lambda: ended.get("/api/v1/expenses").status == 401, what="the other to be refused")
        assert not events.disconnected.is_set()


def test_one_that_has_not_begun_is_refused(gateway: GatewayUnderTest) -> None:
    events, session = WatchedEventStream(), uuid4()
    events.silent = True
    gateway.insights.handler = events
    account, client = gateway.new_user(sid=str(session))
    events.after_start = lambda: gateway.auth.feed.append(session_ended(session, UserId(account)))

    answer = raw(gateway.url, request("GET", "/api/v1/live", f"Authorization: Bearer {client.token}"))

    assert answer.status == 401
    assert b"urn:outlay:problem:unauthenticated" in answer.body
