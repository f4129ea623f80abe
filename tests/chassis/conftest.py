"""A book, and relays that announce it on a Redis of the test's own."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from redis import Redis

from chassis.journal.heads import Heads
from chassis.journal.relay import Relay
from chassis.journal.stream_writer import StreamWriter
from chassis.process.settings import STREAM_BYTES
from chassis.redis.client import connect
from contracts.journal import stream_of
from tests.support.book import Book, migrated_book
from tests.support.databases import Databases
from tests.support.redis import RedisServer


@pytest.fixture
def book(databases: Databases) -> Iterator[Book]:
    url = databases.copy_of("book", lambda url: migrated_book(url).close())
    database = migrated_book(url)
    yield Book(database)
    database.close()
    databases.drop(url)


@pytest.fixture
def client(redis_url: str) -> Iterator[Redis]:
    """A client of an empty Redis."""
    with connect(redis_url) as open_client:
        yield open_client


@pytest.fixture
def new_relay(book: Book, redis_server: RedisServer) -> Iterator[Callable[..., Relay]]:
    """Relays of one instance or of several; those that were started are stopped."""
    made: list[Relay] = []
    clients: list[Redis] = []

    def make(partitions: int = 1) -> Relay:
        client = connect(redis_server.url)
        clients.append(client)
        stream = partial(stream_of, partitions=partitions)
        writer = StreamWriter(client, STREAM_BYTES // partitions)
        relay = Relay(book.database, book.journal, writer, stream, Heads(client))
        made.append(relay)
        return relay

    yield make
    for relay in made:
        if relay._thread.is_alive():
            relay.stop()
    for client in clients:
        client.close()
