"""Composition root of the insights API: the only file that knows all of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from chassis import logging, metrics, migrations
from chassis.app import create_app
from chassis.clock import require_set
from chassis.database import Database
from chassis.database_maintenance import DatabaseMaintenance
from chassis.redis import connect_async
from chassis.service_tokens import ServiceTokens
from chassis.tokens import AccessVerifier, KeySet
from services.insights import insight_routes, internal, routes
from services.insights.ask import routes as ask_routes
from services.insights.ask.service import AskService
from services.insights.erasing import Erasing
from services.insights.insight_service import InsightReader
from services.insights.live import LiveHub
from services.insights.migrations import FOLDER
from services.insights.model import routes as model_routes
from services.insights.model.budgets import Limits
from services.insights.model.call_slots import CallSlots
from services.insights.model.chat import Model
from services.insights.model.desk import ModelDesk
from services.insights.model.plain_transport import HttpTransport
from services.insights.model.service import ModelService
from services.insights.reader import build
from services.insights.service import TotalsService
from services.insights.settings import ApiSettings


def create(settings: ApiSettings | None = None) -> FastAPI:
    """The service, told by the environment unless settings are given."""
    require_set()
    settings = settings or ApiSettings()
    logging.configure("insights", settings.log_level)
    database = Database(settings.database_url, durable=False, pool_size=settings.database_pool_size)
    parts = build(settings, database)
    totals = TotalsService(database, parts.reader, parts.effects)
    insights = InsightReader(database, totals.reach)
    maintenance = DatabaseMaintenance(database)
    slots = CallSlots()
    live = LiveHub(connect_async(settings.redis_url), insights.standings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        migrations.upgrade(database, FOLDER)
        metrics.serve(settings)
        maintenance.start()
        async with live.running():
            yield
        maintenance.stop()
        parts.effects.close()
        database.close()

    return create_app(
        "Outlay: what the book means",
        [routes.router, insight_routes.router, model_routes.router, ask_routes.router, internal.router],
        database=database,
        lifespan=lifespan,
        state={
            "verifier": AccessVerifier(KeySet(settings.jwks_url)),
            "totals": totals,
            "insights": insights,
            "live": live,
            "ask": AskService(database, totals.reach, _desk(settings, database, slots)),
            "model": ModelService(database, settings.endpoint, Limits.of(settings), slots=slots),
            "audit": parts.audit,
            "service_tokens": ServiceTokens("insights", settings.service_keys),
            "erasing": Erasing(database, parts.effects),
        },
    )


def _desk(settings: ApiSettings, database: Database, slots: CallSlots) -> ModelDesk | None:
    if (endpoint := settings.endpoint) is None:
        return None
    return ModelDesk(database, Model(endpoint, HttpTransport(endpoint)), Limits.of(settings), slots=slots)
