"""Open browsers are told at once, or by the next tick; nobody is told of what is not theirs."""

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import redis
from fastapi import FastAPI

from chassis.app import create_app
from chassis.database import Database
from chassis.redis import connect, connect_async
from chassis.tokens import AccessVerifier, KeySet
from services.insights import insight_routes
from services.insights.effects import Effects
from services.insights.insight_service import InsightReader
from services.insights.live import LiveHub
from services.insights.live_notices import Notices
from tests.support.client import Client
from tests.support.events import Event, EventStream
from tests.support.issuer import Issuer
from tests.support.ledgers import ReadLedger
from tests.support.redis import RedisServer
from tests.support.serving import serving
from tests.support.waiting import until

SOON = 0.2
"""Seconds of a tick, where a story is about ticks."""
NEVER = 3_600.0
DAY = dt.date(2026, 11, 22)

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


class Live:
    """The routes and their hub, over a database that the story writes to."""

    def __init__(self, database: Database, issuer: Issuer, redis_url: str, tick: float) -> None:
        self.database = database
        self.issuer = issuer
        self.reads: list[list[UUID]] = []
        self.insights = InsightReader(database, lambda *_: None)
        self.hub = LiveHub(connect_async(redis_url), self._revisions, tick)
        self.effects = Effects(connect(redis_url))
        self.notices = Notices(connect(redis_url))
        self.base = ""

    def _revisions(self, ledgers: object) -> dict[UUID, int]:
        asked = list(ledgers)  # type: ignore[call-overload]  # what the hub passes
        self.reads.append(asked)
        return self.insights.revisions(asked)

    def app(self, jwks_url: str) -> FastAPI:
        state = {
            "verifier": AccessVerifier(KeySet(jwks_url)),
            "insights": self.insights,
            "live": self.hub,
            "totals": None,
        }
        return create_app(
            "live", [insight_routes.router], ready=lambda: True, lifespan=lambda _: self.hub.running(), state=state
        )

    def client(self, ledger: ReadLedger, **claims: Any) -> Client:
        return Client(self.base, self.issuer.token(ledger.id, **claims))

    def is_heard(self) -> bool:
        try:
            return self.notices._redis.publish("outlay:live", "not a notice") == 1
        except redis.RedisError:
            return False


@pytest.fixture
def tick() -> float:
    return NEVER


@pytest.fixture
def live(database: Database, redis_server: RedisServer, tick: float) -> Iterator[Live]:
    issuer = Issuer()
    with serving(issuer.app()) as auth:
        found = Live(database, issuer, redis_server.url, tick)
        with serving(found.app(f"{auth}/.well-known/jwks.json")) as found.base:
            until(found.is_heard, what="the hub to listen")
            yield found


@pytest.fixture
def ledger(database: Database) -> ReadLedger:
    return ReadLedger(database)


def revision(ledger: ReadLedger, number: int) -> Event:
    return Event("revision", {"ledger": str(ledger.id), "revision": number})


def paused(event: Event) -> Event:
    """The same, said while Redis is away."""
    return Event(event.name, event.data | {"paused": True})


def test_where_it_stands_comes_at_once_and_every_change_as_it_happens(live: Live, ledger: ReadLedger) -> None:
    with EventStream(live.client(ledger)) as stream:
        assert stream.answer.headers["Content-Type"].startswith("text/event-stream")
        assert stream.answer.headers["X-Accel-Buffering"] == "no"
        assert next(stream) == revision(ledger, 1)

        live.effects.applied({ledger.id: 2})
        assert next(stream) == revision(ledger, 2)

        live.notices.insights(ledger.id, 2)
        assert next(stream) == Event("insights", {"ledger": str(ledger.id), "revision": 2})


def test_a_stranger_hears_nothing_of_it(live: Live, ledger: ReadLedger) -> None:
    other = ReadLedger(live.database)
    with EventStream(live.client(other)) as stream:
        assert next(stream) == revision(other, 1)
        live.effects.applied({ledger.id: 7})
        live.effects.applied({other.id: 2})

        assert next(stream) == revision(other, 2)

    answer = live.client(other).get(f"/api/v1/live?ledger={ledger.id}")
    assert answer.status == 404
    assert answer.body == live.client(other).get(f"/api/v1/live?ledger={uuid4()}").body
    assert Client(live.base).get("/api/v1/live").status == 401
    assert live.client(other).get("/api/v1/live?unknown=1").status == 400


def test_a_slow_browser_gets_the_newest_state_not_all_that_was(live: Live, ledger: ReadLedger) -> None:
    with EventStream(live.client(ledger)) as stream:
        assert next(stream) == revision(ledger, 1)
        for number in range(2, 5_002):
            live.effects.applied({ledger.id: number})

        seen = []
        for event in stream:
            seen.append(event.data["revision"])
            if event == revision(ledger, 5_001):
                break

    assert seen == sorted(set(seen))


def test_one_subscription_serves_all_streams(live: Live, ledger: ReadLedger) -> None:
    streams = [EventStream(live.client(ledger)) for _ in range(20)]
    for stream in streams:
        assert next(stream) == revision(ledger, 1)

    assert live.notices._redis.pubsub_numsub("outlay:live") == [(b"outlay:live", 1)]
    live.effects.applied({ledger.id: 2})

    for stream in streams:
        assert next(stream) == revision(ledger, 2)
        stream.close()
    until(lambda: live.hub.open_streams() == 0, what="the hub to forget them")


def test_a_closed_tab_is_noticed(live: Live, ledger: ReadLedger) -> None:
    stream = EventStream(live.client(ledger))
    next(stream)
    assert live.hub.open_streams() == 1

    stream.close()

    until(lambda: live.hub.open_streams() == 0, what="the stream to end")


def test_a_stream_ends_when_its_token_does(live: Live, ledger: ReadLedger) -> None:
    with EventStream(live.client(ledger, exp=int(time.time()) + 1)) as stream:
        assert list(stream) == [revision(ledger, 1)]

    until(lambda: live.hub.open_streams() == 0, what="the stream to be forgotten")


@pytest.mark.parametrize("tick", [SOON])
def test_without_redis_the_tick_tells(live: Live, ledger: ReadLedger, redis_server: RedisServer) -> None:
    with EventStream(live.client(ledger)) as stream:
        assert next(stream) == revision(ledger, 1)
        redis_server.stop()
        ledger.spend(DAY, "1")

        stream.until(paused(revision(ledger, 2)))


def test_browsers_are_told_at_once_that_redis_is_away_and_that_it_is_back(
    live: Live, ledger: ReadLedger, redis_server: RedisServer
) -> None:
    with EventStream(live.client(ledger)) as stream:
        assert next(stream) == revision(ledger, 1)
        redis_server.stop()
        assert next(stream) == paused(revision(ledger, 1))
        redis_server.start()
        assert next(stream) == revision(ledger, 1)


@pytest.mark.parametrize("tick", [SOON])
def test_a_tick_asks_once_for_all_ledgers(live: Live, ledger: ReadLedger) -> None:
    other = ReadLedger(live.database)
    streams = [EventStream(live.client(whose)) for whose in (ledger, other, other)]
    for stream in streams:
        next(stream)
    live.reads.clear()

    until(lambda: len(live.reads) > 1, what="two ticks")

    assert all(sorted(asked) == sorted([ledger.id, other.id]) for asked in live.reads)
    for stream in streams:
        stream.close()


def test_when_redis_returns_it_is_heard_again_and_nothing_was_missed(
    live: Live, ledger: ReadLedger, redis_server: RedisServer
) -> None:
    with EventStream(live.client(ledger)) as stream:
        assert next(stream) == revision(ledger, 1)
        redis_server.stop()
        ledger.spend(DAY, "1")
        redis_server.start()

        stream.until(revision(ledger, 2))
        until(live.is_heard, what="the hub to listen again")
        live.notices.insights(ledger.id, 2)
        stream.until(Event("insights", {"ledger": str(ledger.id), "revision": 2}))


def test_a_message_that_is_no_notice_disturbs_nobody(live: Live, ledger: ReadLedger) -> None:
    with EventStream(live.client(ledger)) as stream:
        next(stream)
        for text in ("", "{", "[]", '{"ledger": 1}', '{"ledger": "x", "kind": "revision", "revision": 1}'):
            live.notices._redis.publish("outlay:live", text)
        live.effects.applied({ledger.id: 2})

        assert next(stream) == revision(ledger, 2)
