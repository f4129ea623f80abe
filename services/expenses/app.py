"""Composition root of the expenses service: the only file that knows all of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from chassis import logging, metrics, migrations
from chassis.app import create_app
from chassis.clock import require_set
from chassis.database import Database
from chassis.database_maintenance import DatabaseMaintenance
from chassis.feed import ServiceClient
from chassis.heads import Heads
from chassis.journal import Journal
from chassis.redis import connect
from chassis.redis_erasure import RedisErasure
from chassis.relay import Relay
from chassis.service_tokens import ServiceTokens
from chassis.stream_writer import StreamWriter
from chassis.tokens import AccessVerifier, KeySet
from contracts.journal import MOST_PARTITIONS, journal_stream, stream_of
from services.expenses import export_routes, internal, routes
from services.expenses.erasing import Erasing
from services.expenses.exporting import Exporting
from services.expenses.forgetting import Forgetting
from services.expenses.migrations import FOLDER
from services.expenses.models import EntryRow, LedgerRow
from services.expenses.reading import BookReader
from services.expenses.service import BookService
from services.expenses.settings import Settings
from services.expenses.writing import Writer


def create(settings: Settings | None = None) -> FastAPI:
    """The service, told by the environment unless settings are given."""
    require_set()
    settings = settings or Settings()
    logging.configure("expenses", settings.log_level)
    database = Database(settings.database_url, pool_size=settings.database_pool_size)
    journal = Journal(LedgerRow, EntryRow)
    stream = partial(stream_of, partitions=settings.stream_partitions)
    redis, answers = connect(settings.redis_url), connect(settings.answers_url)
    stream_writer = StreamWriter(redis, settings.stream_max_bytes // settings.stream_partitions)
    # Every stream that there may be: with another number of partitions a ledger was announced on another one.
    streams = [journal_stream(partition) for partition in range(MOST_PARTITIONS)]
    in_redis = RedisErasure(redis, streams, answers)
    relay = Relay(database, journal, stream_writer, stream, Heads(answers), in_redis.erase)
    threads = (relay, Forgetting(database), DatabaseMaintenance(database))
    tokens = ServiceTokens("expenses", settings.service_keys)
    writer = Writer(database, journal, ServiceClient(settings.auth_url, "auth", tokens), relay.wake, settings.limits)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        migrations.upgrade(database, FOLDER)
        metrics.serve(settings)
        for work in threads:
            work.start()
        yield
        for work in threads:
            work.stop()
        redis.close()
        answers.close()
        database.close()

    return create_app(
        "Outlay: the book",
        [routes.router, export_routes.router, internal.router],
        database=database,
        lifespan=lifespan,
        state={
            "verifier": AccessVerifier(KeySet(settings.jwks_url)),
            "service_tokens": tokens,
            "reader": BookReader(database, journal, writer.open),
            "service": BookService(writer),
            "erasing": Erasing(database, journal, in_redis),
            "exporting": Exporting(database, journal, writer.open),
        },
    )
