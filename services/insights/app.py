"""Composition root of the insights API: the only module that imports every other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from chassis.database import migrations
from chassis.database.engine import Database
from chassis.database.maintenance import DatabaseMaintenance
from chassis.http.app import create_app
from chassis.http.components import Components
from chassis.process import logging, metrics
from chassis.process.clock import require_set
from chassis.redis.client import connect_async
from chassis.security.access_tokens import AccessVerifier, KeySet
from chassis.security.service_tokens import ServiceTokens
from services.insights.ask import endpoints as ask_routes
from services.insights.ask.service import AskService
from services.insights.components import build
from services.insights.erasure import endpoints as erasure_endpoints
from services.insights.erasure.service import InsightsErasure
from services.insights.insights import endpoints as insight_endpoints
from services.insights.insights import jobs
from services.insights.insights.service import InsightService
from services.insights.live import endpoints as live_endpoints
from services.insights.live.hub import LiveHub
from services.insights.llm import endpoints as model_routes
from services.insights.llm.call_slots import CallSlots
from services.insights.llm.client import LlmClient
from services.insights.llm.gateway import LlmGateway
from services.insights.llm.http_transport import HttpTransport
from services.insights.llm.service import LlmService
from services.insights.llm.spending_limits import SpendingLimits
from services.insights.migrations import FOLDER
from services.insights.settings import ApiSettings
from services.insights.summary import endpoints as summary_endpoints
from services.insights.summary.service import TotalsService


def create(settings: ApiSettings | None = None) -> FastAPI:
    """Creates the service, configured by the environment unless settings are given."""
    require_set()
    settings = settings or ApiSettings()
    logging.configure("insights", settings.log_level)
    database = Database(settings.database_url, durable=False, pool_size=settings.database_pool_size)
    components = build(settings, database)
    totals = TotalsService(database, components.reader, components.effects)
    insights = InsightService(database, totals.require_revision)
    maintenance = DatabaseMaintenance(database)
    slots = CallSlots()
    live = LiveHub(connect_async(settings.redis_url), insights.ledger_states)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        migrations.upgrade(database, FOLDER)
        metrics.serve(settings)
        maintenance.start()
        async with live.running():
            yield
        maintenance.stop()
        components.effects.close()
        database.close()

    return create_app(
        "Outlay: what the book means",
        [
            summary_endpoints.router,
            insight_endpoints.router,
            live_endpoints.router,
            model_routes.router,
            ask_routes.router,
            erasure_endpoints.router,
        ],
        database=database,
        lifespan=lifespan,
        components=Components(
            AccessVerifier(KeySet(settings.jwks_url)),
            totals,
            insights,
            live,
            AskService(database, totals.require_revision, _llm_gateway(settings, database, slots)),
            LlmService(database, settings.endpoint, SpendingLimits.of(settings), slots, jobs.restart),
            components.audit,
            ServiceTokens("insights", settings.service_keys),
            InsightsErasure(database, components.effects),
        ),
    )


def _llm_gateway(settings: ApiSettings, database: Database, slots: CallSlots) -> LlmGateway | None:
    if (endpoint := settings.endpoint) is None:
        return None
    return LlmGateway(database, LlmClient(endpoint, HttpTransport(endpoint)), SpendingLimits.of(settings), slots)
