"""A ledger, its worker and its reader, at a time that the story moves on."""

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from chassis.database.engine import Database
from services.insights.insights.runner import InsightRunner
from services.insights.insights.schemas import Insights
from services.insights.insights.service import InsightService
from services.insights.llm.gateway import LlmGateway
from services.insights.summary.service import RequiredRevision
from tests.support.ledgers import ReadLedger

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
NEWEST = RequiredRevision(0, None)


class InsightScenario:
    def __init__(self, database: Database, llm: LlmGateway | None = None) -> None:
        self.database = database
        self.now = NOW
        self.notices: list[tuple[UUID, int, dt.datetime]] = []
        self.ledger = ReadLedger(database)
        self.runner = InsightRunner(database, llm, lambda *told: self.notices.append(told), self._time)
        self.reader = self.service_with(lambda *_: None)

    def service_with(self, reach: Callable[[UUID, RequiredRevision], int | None]) -> InsightService:
        return InsightService(self.database, reach, self._time)

    def run(self) -> str:
        return self.runner.run(self.ledger.id)

    def read(self) -> Insights:
        return self.reader.read(self.ledger.id, NEWEST)

    def _time(self) -> dt.datetime:
        return self.now
