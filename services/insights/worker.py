"""Composition root of the worker, once for each process of its pool: the only file that knows all of it."""

from functools import cache
from typing import NamedTuple

from chassis.database import Database
from chassis.redis import connect
from services.insights.live_notices import Notices
from services.insights.model.budgets import Limits
from services.insights.model.chat import Model
from services.insights.model.desk import ModelDesk
from services.insights.model.sdk_transport import SdkTransport
from services.insights.runner import InsightRunner
from services.insights.settings import WorkerSettings


class Worker(NamedTuple):
    """What a process of the pool works with."""

    database: Database
    runner: InsightRunner


@cache
def current() -> Worker:
    """This process's own; made on first use, and never before the pool forks."""
    settings = WorkerSettings()
    database = Database(settings.database_url, durable=False)
    notices = Notices(connect(settings.redis_url))
    return Worker(database, InsightRunner(database, _desk(settings, database), notices.insights))


def _desk(settings: WorkerSettings, database: Database) -> ModelDesk | None:
    if (endpoint := settings.endpoint) is None:
        return None
    return ModelDesk(database, Model(endpoint, SdkTransport(endpoint)), Limits.of(settings))
