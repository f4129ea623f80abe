"""Composition root of the expenses service: the only file that knows all of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from chassis.database import migrations
from chassis.database.engine import Database
from chassis.database.maintenance import DatabaseMaintenance
from chassis.http.app import create_app
from chassis.http.components import Components
from chassis.journal.feed import ServiceClient
from chassis.journal.heads import Heads
from chassis.journal.journal import Journal
from chassis.journal.relay import Relay
from chassis.journal.stream_writer import StreamWriter
from chassis.process import logging, metrics
from chassis.process.clock import require_set
from chassis.redis.client import connect
from chassis.redis.erasure import RedisErasure
from chassis.security.access_tokens import AccessVerifier, KeySet
from chassis.security.service_tokens import ServiceTokens
from contracts.journal import MAX_PARTITIONS, journal_stream, stream_of
from services.expenses.entities import ENTITIES, ROUTERS, SERVICES
from services.expenses.ledger import endpoints as ledger_endpoints
from services.expenses.ledger import export_endpoints, internal_endpoints
from services.expenses.ledger.erasure import LedgerErasure
from services.expenses.ledger.export import LedgerExporter
from services.expenses.ledger.feed import JournalFeed
from services.expenses.ledger.maintenance import ReplayCleanup
from services.expenses.ledger.opening import LedgerOpener
from services.expenses.ledger.reader import LedgerReader
from services.expenses.ledger.service import JournalService
from services.expenses.ledger.tables import EntryRow, LedgerRow
from services.expenses.ledger.unit_of_work import LedgerWriter
from services.expenses.migrations import FOLDER
from services.expenses.settings import Settings

LEDGER_ROUTERS = (ledger_endpoints.router, export_endpoints.router, internal_endpoints.router)


def create(settings: Settings | None = None) -> FastAPI:
    """Creates the service, with settings from the environment unless they are given."""
    require_set()
    settings = settings or Settings()
    logging.configure("expenses", settings.log_level)
    database = Database(settings.database_url, pool_size=settings.database_pool_size)
    journal = Journal(LedgerRow, EntryRow)
    stream = partial(stream_of, partitions=settings.stream_partitions)
    redis, answers = connect(settings.redis_url), connect(settings.response_cache_url)
    stream_writer = StreamWriter(redis, settings.stream_max_bytes // settings.stream_partitions)
    # Every possible stream: with another number of partitions a ledger was published to another one.
    streams = [journal_stream(partition) for partition in range(MAX_PARTITIONS)]
    in_redis = RedisErasure(redis, streams, answers)
    relay = Relay(database, journal, stream_writer, stream, Heads(answers), in_redis.erase)
    threads = (relay, ReplayCleanup(database), DatabaseMaintenance(database))
    tokens = ServiceTokens("expenses", settings.service_keys)
    opener = LedgerOpener(database, journal, ServiceClient(settings.auth_url, "auth", tokens), relay.wake)
    reader = LedgerReader(database, journal, opener.open)
    writer = LedgerWriter(database, journal, ENTITIES, opener, relay.wake, settings.limits)

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
        (*ROUTERS, *LEDGER_ROUTERS),
        database=database,
        lifespan=lifespan,
        components=Components(
            AccessVerifier(KeySet(settings.jwks_url)),
            tokens,
            *(service(reader, writer) for service in SERVICES),
            JournalService(reader, writer),
            JournalFeed(journal, reader),
            LedgerErasure(database, journal, ENTITIES, in_redis),
            LedgerExporter(database, journal, ENTITIES, opener.open),
        ),
    )
