"""A Redis that hangs is waited for once, whatever it is used for; another Redis is not blamed for it."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest
import redis

from chassis.redis.client import connect
from contracts.ids import LedgerId
from services.insights.projections import effects
from services.insights.projections.effects import CommitEffects


@pytest.fixture
def hung() -> Iterator[list[socket.socket]]:
    """Two servers that take connections, and never answer."""
    with ExitStack() as stack:
        yield [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2)]


def client_of(server: socket.socket) -> redis.Redis:
    return connect(f"redis://127.0.0.1:{server.getsockname()[1]}", timeout=0.05)


def connections(server: socket.socket) -> int:
    """How many were made since the last count."""
    server.settimeout(0)
    count = 0
    while True:
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


def test_notices_do_not_wait_for_the_redis_that_hung_for_the_answers(
    hung: list[socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "PAUSE", 600.0)
    server, ledger = hung[0], LedgerId(uuid4())
    published = CommitEffects(client_of(server))

    assert published.fence(ledger) is None
    assert connections(server) > 0
    published.applied({ledger: 1})
    assert connections(server) == 0


def test_notices_still_go_where_the_answers_are_in_another_redis(
    hung: list[socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "PAUSE", 600.0)
    (notices, cache), ledger = hung, LedgerId(uuid4())
    published = CommitEffects(client_of(notices), client_of(cache))

    assert published.fence(ledger) is None
    assert (connections(notices), connections(cache) > 0) == (0, True)
    published.applied({ledger: 1})
    assert (connections(notices) > 0, connections(cache)) == (True, 0)
