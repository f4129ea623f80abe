"""Invalid values in the keys and messages that insights reads: reads stay exact, and the stream is read on."""

import pytest
import redis

from chassis.redis.client import connect
from contracts.journal import LIVE_CHANNEL, StreamMessage, journal_stream
from contracts.live import LiveNotice
from contracts.response_cache import HEAD, ledger_key
from services.insights.consumer import Consumer, handlers
from services.insights.projections.checkpoints import CHECKPOINTS
from tests.support.databases import Databases
from tests.support.ledger_services import LedgerServices, LedgerUser, ledger_services
from tests.support.poison import TEXTS, TYPES, fields
from tests.support.redis import RedisServer
from tests.support.waiting import until

DAY = "2026-05-05"
QUERY = f"/api/v1/summary?from={DAY}&to={DAY}"
STREAM = journal_stream(0)


def test_a_poisoned_stream_is_heard_again(databases: Databases, redis_server: RedisServer) -> None:
    with ledger_services(databases, redis_server.url) as running, redis.Redis.from_url(redis_server.url) as client:
        components, database = running.components()
        flow = handlers(running.insights_settings, components.reader)
        consumer = Consumer(connect(redis_server.url), flow, lambda: 0)  # what is taken in came by the stream
        consumer.start()
        user = running.new_user()

        def heard() -> None:
            user.record("1", spent_on=DAY)
            head = int(user.book.get("/api/v1/journal").json["head"])

            def taken_in() -> bool:
                with database.snapshot() as session:
                    return CHECKPOINTS.of(session, [user.ledger])[user.ledger].revision >= head

            until(taken_in, what="the stream to be heard")

        heard()
        for text in TEXTS.values():
            client.xadd(STREAM, {"ledger": text, "revision": text, "entry": text})
            client.xadd(STREAM, {"ledger": str(user.account), "revision": "9" * 18})
            client.publish(LIVE_CHANNEL, text)
        heard()
        for spoil in TYPES.values():
            spoil(client, STREAM)
            heard()
        consumer.stop()
        database.close()


@pytest.mark.parametrize("poison", [*TYPES, *TEXTS])
def test_a_read_is_exact_whatever_stands_in_the_ledgers_hash(
    services: LedgerServices, redis_url: str, poison: str
) -> None:
    user: LedgerUser = services.new_user()
    user.record("1", spent_on=DAY)
    assert user.totals.get(QUERY).json["total"] == "1.00"
    user.record("2", spent_on=DAY)
    with connect(redis_url) as client:
        spoil = TYPES.get(poison) or fields(TEXTS.get(poison, b""))
        spoil(client, ledger_key(user.ledger))

        assert user.totals.get(QUERY).json["total"] == "3.00"
        assert user.totals.get(QUERY, Outlay_Wanted_Revision="3").json["total"] == "3.00"
        assert client.hget(ledger_key(user.ledger), HEAD) == b"3"


def test_a_head_beyond_the_journal_is_forgotten(services: LedgerServices, redis_url: str) -> None:
    """It looks like a revision, and no answer would ever be new enough for it."""
    user = services.new_user()
    user.record("1", spent_on=DAY)
    with connect(redis_url) as client:
        client.hset(ledger_key(user.ledger), HEAD, "999")
        assert user.totals.get(QUERY, Outlay_Wanted_Revision="999").json["total"] == "1.00"
        assert client.exists(ledger_key(user.ledger)) == 0
        assert user.totals.get(QUERY).json["total"] == "1.00"
        assert client.hget(ledger_key(user.ledger), HEAD) == b"2"


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_is_no_message_of_ours_is_told_apart(text: bytes) -> None:
    with pytest.raises((KeyError, ValueError)):
        StreamMessage.decode({b"ledger": text, b"revision": text})
    with pytest.raises(ValueError):  # noqa: PT011 - each says it in its own way
        LiveNotice.decode(text)
