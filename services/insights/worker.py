"""Composition root of the worker, once for each process of its pool."""

from contextlib import suppress
from functools import cache
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError

from chassis.database import migrations, startup
from chassis.database.engine import Database
from chassis.redis.client import connect
from services.insights.insights.runner import InsightRunner
from services.insights.live.publisher import NoticePublisher
from services.insights.llm.call_slots import CallSlots
from services.insights.llm.client import LlmClient
from services.insights.llm.gateway import LlmGateway
from services.insights.llm.sdk_transport import SdkTransport
from services.insights.llm.spending_limits import SpendingLimits
from services.insights.migrations import FOLDER
from services.insights.settings import WorkerSettings


class Worker(NamedTuple):
    """The components of a process of the pool."""

    database: Database
    runner: InsightRunner


@cache
def current() -> Worker:
    """Returns this process's components; created on first use, never before the pool forks."""
    settings = WorkerSettings()
    database = Database(settings.database_url, durable=False, pool_size=settings.database_pool_size)
    notices = NoticePublisher(connect(settings.redis_url))
    return Worker(database, InsightRunner(database, _llm_gateway(settings, database), notices.insights))


def require_known_schema(settings: WorkerSettings) -> None:
    """Ends the process with a message if a newer Outlay has upgraded the database. Leaves no connection open."""
    database = Database(settings.database_url, durable=False)
    try:
        with startup.exit_on_startup_error(database), suppress(DBAPIError):  # one that is away may come back
            migrations.require_known_schema(database, FOLDER)
    finally:
        database.close()


def _llm_gateway(settings: WorkerSettings, database: Database) -> LlmGateway | None:
    if (endpoint := settings.endpoint) is None:
        return None
    return LlmGateway(database, LlmClient(endpoint, SdkTransport(endpoint)), SpendingLimits.of(settings), CallSlots())
