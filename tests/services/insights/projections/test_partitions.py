"""Several streams, as a Redis Cluster wants them: each ledger keeps to one, and one reader each takes all in."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import cast
from uuid import UUID

import pytest
import redis

from chassis.database.engine import Database
from chassis.redis.client import connect
from contracts.journal import StreamMessage, journal_stream, partition_of
from services.insights.components import InsightsComponents
from services.insights.consumer import Consumer, handlers
from services.insights.projections.checkpoints import CHECKPOINTS
from tests.support.databases import Databases
from tests.support.ledger_services import LedgerServices, LedgerUser, ledger_services
from tests.support.redis import RedisServer
from tests.support.waiting import until

PARTITIONS = 4
STREAMS = [journal_stream(partition) for partition in range(PARTITIONS)]
YEAR = "/api/v1/summary?from=2026-01-01&to=2026-12-31"


@pytest.fixture
def parted(databases: Databases, redis_server: RedisServer) -> Iterator[LedgerServices]:
    with ledger_services(databases, redis_server.url, stream_partitions=PARTITIONS) as running:
        yield running


@pytest.fixture
def consume(parted: LedgerServices) -> Iterator[Callable[[], InsightsComponents]]:
    """Starts another consumer, whose sweep finds nothing: what it takes in came by a stream."""
    running: list[tuple[Consumer, Database]] = []

    def start() -> InsightsComponents:
        components, database = parted.components()
        settings = parted.insights_settings
        flow = handlers(settings, components.reader)
        assert list(flow) == STREAMS
        consumer = Consumer(connect(settings.redis_url), flow, lambda: 0)
        consumer.start()
        running.append((consumer, database))
        return components

    yield start
    for consumer, database in running:
        consumer.stop()
        database.close()


def published_ledgers(client: redis.Redis, stream: str) -> set[UUID]:
    messages = cast("list[tuple[bytes, dict[bytes, bytes]]]", client.xrange(stream))
    return {StreamMessage.decode(fields).ledger for _, fields in messages}


def checkpoints(database: Database, users: Sequence[LedgerUser]) -> set[int]:
    with database.snapshot() as session:
        return {at.revision for at in CHECKPOINTS.of(session, [user.ledger for user in users]).values()}


def test_all_ledgers_of_all_partitions_are_taken_in(
    parted: LedgerServices, consume: Callable[[], InsightsComponents], redis_server: RedisServer
) -> None:
    for _ in range(2):
        consume()
    users = [parted.new_user() for _ in range(24)]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            list(pool.map(lambda user: user.record("2", spent_on="2026-05-05"), users))
    _, database = parted.components()
    until(lambda: checkpoints(database, users) == {4}, what="all to be taken in from the streams")
    with connect(redis_server.url) as client:
        for partition, stream in enumerate(STREAMS):
            mine = {user.account for user in users if partition_of(user.ledger, PARTITIONS) == partition}
            assert published_ledgers(client, stream) == mine
    assert [user.totals.get(YEAR).json["total"] for user in users] == ["6.00"] * len(users)
    database.close()
