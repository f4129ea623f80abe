"""Live streams over HTTP, and a hand on everything that feeds them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import redis
from fastapi import FastAPI

from chassis.database.engine import Database
from chassis.http.app import create_app
from chassis.http.components import Components
from chassis.redis.client import connect, connect_async
from chassis.security.access_tokens import AccessVerifier, KeySet
from contracts.ids import LedgerId, UserId
from services.insights.insights import endpoints as insight_endpoints
from services.insights.insights.repository import LedgerState
from services.insights.insights.runner import InsightRunner
from services.insights.insights.service import InsightService
from services.insights.live import endpoints as live_endpoints
from services.insights.live.hub import LiveHub
from services.insights.live.publisher import NoticePublisher
from services.insights.projections.effects import CommitEffects
from tests.support.client import Client
from tests.support.issuer import Issuer
from tests.support.ledgers import ReadLedger

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


class LiveScenario:
    """The routes and their hub, over a database that the story writes to."""

    def __init__(self, database: Database, issuer: Issuer, redis_url: str, tick: float) -> None:
        self.database = database
        self.issuer = issuer
        self.reads: list[list[LedgerId]] = []
        self.insights = InsightService(database, lambda *_: None)
        self.hub = LiveHub(connect_async(redis_url), self._standings, tick)
        self.effects = CommitEffects(connect(redis_url))
        self.notices = NoticePublisher(connect(redis_url))
        self.runner = InsightRunner(database, None, lambda *_: None, lambda: NOON)
        self.base = ""

    def _standings(self, ledgers: Sequence[LedgerId]) -> dict[LedgerId, LedgerState]:
        self.reads.append(list(ledgers))
        return self.insights.ledger_states(ledgers)

    def app(self, jwks_url: str) -> FastAPI:
        components = Components(AccessVerifier(KeySet(jwks_url)), self.insights, self.hub)
        return create_app(
            "live",
            [insight_endpoints.router, live_endpoints.router],
            database=self.database,
            lifespan=lambda _: self.hub.running(),
            components=components,
        )

    def client(self, ledger: ReadLedger, **claims: Any) -> Client:
        return Client(self.base, self.issuer.token(UserId(ledger.id), **claims))

    def has_subscriber(self) -> bool:
        try:
            return self.notices._redis.publish("outlay:live", "not a notice") == 1
        except redis.RedisError:
            return False
