"""Each generation in use is reported to auth once, and no request waits for the report."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from chassis.errors import Unavailable
from contracts.identity import GenerationUse, GenerationUses
from contracts.ids import UserId
from gateway.authentication import first_uses
from gateway.authentication.auth_client import AuthClient
from gateway.authentication.first_uses import FirstUses
from gateway.authentication.sessions import VerifiedToken
from tests.support.client import Client
from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.redis import RedisServer
from tests.support.waiting import until


@pytest.fixture(scope="module")
def own(shared_redis: RedisServer) -> Iterator[GatewayUnderTest]:
    """A gateway with an auth stub that no other test uses."""
    with gateway_under_test(shared_redis.url) as started:
        yield started


class RecordingAuth:
    """Takes reports, unless it is unavailable."""

    def __init__(self) -> None:
        self.available = True
        self.taken: list[tuple[UUID, int]] = []
        self.attempts = 0
        self._called = asyncio.Event()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Waits for calls until it holds."""
        while not holds():
            self._called.clear()
            await self._called.wait()

    async def confirm(self, uses: GenerationUses) -> None:
        self.attempts += 1
        self._called.set()
        if not self.available:
            raise Unavailable
        self.taken += [(use.session, use.generation) for use in uses.uses]


def verified(generation: int) -> VerifiedToken:
    """A good token of some session."""
    return VerifiedToken(None, "", "", frozenset(), str(uuid4()), str(uuid4()), 0, None, generation)  # type: ignore[arg-type]


def ask(gateway: GatewayUnderTest, session: UUID, **claims: Any) -> int:
    token = gateway.issuer.token(UserId(uuid4()), sid=str(session), **claims)
    return Client(gateway.url, token).get("/api/v1/expenses").status


def reported(gateway: GatewayUnderTest, session: UUID) -> list[int]:
    return [use.generation for use in gateway.auth.uses if use.session == session]


def test_each_newer_generation_is_reported_once(own: GatewayUnderTest) -> None:
    session = uuid4()
    for generation in (0, 0, 3, 3, 1, 4, 4, 3):
        assert ask(own, session, gen=generation) == 200
        if generation == 4:
            until(lambda: 4 in reported(own, session), what="the newest to be reported")

    assert reported(own, session) == sorted(set(reported(own, session)))
    assert set(reported(own, session)) <= {0, 3, 4}


def test_a_token_without_a_generation_is_not_reported(own: GatewayUnderTest) -> None:
    api_token, session = uuid4(), uuid4()
    assert ask(own, api_token) == 200
    assert ask(own, session, gen=0) == 200
    until(lambda: reported(own, session) == [0], what="the session's to be reported")

    assert reported(own, api_token) == []


def test_a_refused_token_is_in_use_as_well(own: GatewayUnderTest) -> None:
    """Its holder has the answer that brought it: that is what counts."""
    session = uuid4()
    token = own.issuer.token(UserId(uuid4()), sid=str(session), gen=2)
    assert Client(own.url, token).call("TRACE", "/api/v1/expenses").status == 405

    until(lambda: reported(own, session) == [2], what="it to be reported")


def test_while_auth_takes_no_reports_requests_go_on_and_the_report_follows(own: GatewayUnderTest) -> None:
    session = uuid4()
    own.auth.accepts_reports = False
    try:
        assert [ask(own, session, gen=1) for _ in range(3)] == [200, 200, 200]
    finally:
        own.auth.accepts_reports = True
    until(lambda: reported(own, session) == [1], what="the report to arrive")

    use = next(use for use in own.auth.uses if use.session == session)
    assert use == GenerationUse(session=session, generation=1, age=use.age)
    assert use.age >= 0


def test_memory_is_bounded_and_what_was_dropped_is_noted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_uses, "MAX_QUEUED", 3)
    monkeypatch.setattr(first_uses, "CACHE_SIZE", 5)
    monkeypatch.setattr(first_uses, "BACKOFF", (0.0,))
    auth = RecordingAuth()
    auth.available = False

    async def story() -> None:
        reports = FirstUses(cast("AuthClient", auth))
        tokens = [verified(generation=1) for _ in range(10)]
        for token in tokens:
            reports.record(token)
        assert (len(reports._queue), len(reports._newest)) == (3, 3)
        reports.start()
        await auth.until(lambda: auth.attempts > 0)
        auth.available = True
        for token in tokens[:2]:
            reports.record(token)
        await auth.until(lambda: len(auth.taken) >= 3)
        await reports.stop()
        assert auth.taken == [(UUID(token.session), 1) for token in (tokens[9], *tokens[:2])]

    asyncio.run(story())


def test_many_are_reported_together_and_a_newer_generation_replaces_one_that_waits() -> None:
    auth = RecordingAuth()

    async def story() -> None:
        reports = FirstUses(cast("AuthClient", auth))
        token = verified(generation=1)
        reports.record(token)
        reports.record(token._replace(generation=2))
        others = [verified(generation=0) for _ in range(first_uses.BATCH_SIZE)]
        for other in others:
            reports.record(other)
        reports.start()
        await auth.until(lambda: len(auth.taken) >= first_uses.BATCH_SIZE + 1)
        await reports.stop()
        assert auth.attempts == 2
        assert auth.taken[0] == (UUID(token.session), 2)

    asyncio.run(story())
