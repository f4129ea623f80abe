"""Open browsers are told at once, or by the next tick; no user is notified of another's ledger."""

import datetime as dt
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest

from chassis.database.engine import Database
from tests.support.client import Client
from tests.support.events import Event, EventStream
from tests.support.issuer import Issuer
from tests.support.ledgers import ReadLedger
from tests.support.live_streams import NOON, LiveScenario
from tests.support.redis import RedisServer
from tests.support.serving import serving
from tests.support.waiting import until

SOON = 0.2
"""Seconds of a tick, where a story is about ticks."""
NEVER = 3_600.0
DAY = dt.date(2026, 11, 22)

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def tick() -> float:
    return NEVER


@pytest.fixture
def live(database: Database, redis_server: RedisServer, tick: float) -> Iterator[LiveScenario]:
    issuer = Issuer()
    with serving(issuer.app()) as auth:
        found = LiveScenario(database, issuer, redis_server.url, tick)
        with serving(found.app(f"{auth}/.well-known/jwks.json")) as found.base:
            until(found.has_subscriber, what="the hub to listen")
            yield found


@pytest.fixture
def ledger(database: Database) -> ReadLedger:
    return ReadLedger(database)


def revision(ledger: ReadLedger, number: int) -> Event:
    return Event("revision", {"ledger": str(ledger.id), "revision": number})


def stored(ledger: ReadLedger, number: int) -> Event:
    """Insights of that revision can be read."""
    return Event("insights", {"ledger": str(ledger.id), "revision": number, "computed_at": "2026-11-22T12:00:00Z"})


def paused(event: Event) -> Event:
    """The same, said while Redis is away."""
    return Event(event.name, event.data | {"paused": True})


def test_where_it_stands_comes_at_once_and_every_change_as_it_happens(live: LiveScenario, ledger: ReadLedger) -> None:
    with EventStream(live.client(ledger)) as stream:
        assert stream.answer.headers["Content-Type"].startswith("text/event-stream")
        assert stream.answer.headers["X-Accel-Buffering"] == "no"
        assert next(stream) == revision(ledger, 1)

        live.effects.applied({ledger.id: 2})
        assert next(stream) == revision(ledger, 2)

        live.notices.insights(ledger.id, 2, NOON)
        assert next(stream) == stored(ledger, 2)


def test_insights_that_were_stored_before_a_browser_listened_are_notified_too(
    live: LiveScenario, ledger: ReadLedger
) -> None:
    ledger.spend(DAY, "1")
    live.insights.refresh(ledger.id)
    assert live.runner.run(ledger.id) == "done"

    with EventStream(live.client(ledger)) as stream:
        assert next(stream) == revision(ledger, 2)
        assert next(stream) == stored(ledger, 2)
    page = live.client(ledger).get("/api/v1/insights").json
    assert page["computed_at"] == stored(ledger, 2).data["computed_at"]


def test_a_stranger_hears_nothing_of_it(live: LiveScenario, ledger: ReadLedger) -> None:
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


def test_a_slow_browser_gets_the_newest_state_not_all_that_was(live: LiveScenario, ledger: ReadLedger) -> None:
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


def test_one_subscription_serves_all_streams(live: LiveScenario, ledger: ReadLedger) -> None:
    streams = [EventStream(live.client(ledger)) for _ in range(20)]
    for stream in streams:
        assert next(stream) == revision(ledger, 1)

    assert live.notices._redis.pubsub_numsub("outlay:live") == [(b"outlay:live", 1)]
    live.effects.applied({ledger.id: 2})

    for stream in streams:
        assert next(stream) == revision(ledger, 2)
        stream.close()
    until(lambda: live.hub.open_streams() == 0, what="the hub to forget them")


def test_a_closed_tab_is_noticed(live: LiveScenario, ledger: ReadLedger) -> None:
    stream = EventStream(live.client(ledger))
    next(stream)
    assert live.hub.open_streams() == 1

    stream.close()

    until(lambda: live.hub.open_streams() == 0, what="the stream to end")


def test_a_stream_ends_when_its_token_does(live: LiveScenario, ledger: ReadLedger) -> None:
    with EventStream(live.client(ledger, exp=int(time.time()) + 3)) as stream:
        assert list(stream) == [revision(ledger, 1)]

    until(lambda: live.hub.open_streams() == 0, what="the stream to be forgotten")


@pytest.mark.parametrize("tick", [SOON])
def test_without_redis_the_tick_tells(live: LiveScenario, ledger: ReadLedger, redis_server: RedisServer) -> None:
    with EventStream(live.client(ledger)) as stream:
        assert next(stream) == revision(ledger, 1)
        redis_server.stop()
        ledger.spend(DAY, "1")

        stream.until(paused(revision(ledger, 2)))


def test_browsers_are_told_at_once_that_redis_is_away_and_that_it_is_back(
    live: LiveScenario, ledger: ReadLedger, redis_server: RedisServer
) -> None:
    with EventStream(live.client(ledger)) as stream:
        assert next(stream) == revision(ledger, 1)
        redis_server.stop()
        assert next(stream) == paused(revision(ledger, 1))
        redis_server.start()
        assert next(stream) == revision(ledger, 1)


@pytest.mark.parametrize("tick", [SOON])
def test_a_tick_asks_once_for_all_ledgers(live: LiveScenario, ledger: ReadLedger) -> None:
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
    live: LiveScenario, ledger: ReadLedger, redis_server: RedisServer
) -> None:
    with EventStream(live.client(ledger)) as stream:
        assert next(stream) == revision(ledger, 1)
        redis_server.stop()
        ledger.spend(DAY, "1")
        redis_server.start()

        stream.until(revision(ledger, 2))
        until(live.has_subscriber, what="the hub to listen again")
        live.notices.insights(ledger.id, 2, NOON)
        stream.until(stored(ledger, 2))


def test_a_message_that_is_no_notice_is_ignored(live: LiveScenario, ledger: ReadLedger) -> None:
    with EventStream(live.client(ledger)) as stream:
        next(stream)
        for text in ("", "{", "[]", '{"ledger": 1}', '{"ledger": "x", "kind": "revision", "revision": 1}'):
            live.notices._redis.publish("outlay:live", text)
        live.effects.applied({ledger.id: 2})

        assert next(stream) == revision(ledger, 2)
