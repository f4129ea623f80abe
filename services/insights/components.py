"""How insights takes the book's journal in: the projection, and the parts that every door shares."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.journal.feed import Feed, ServiceClient
from chassis.projections.builds import ProjectionBuild
from chassis.projections.reader import JournalReader
from chassis.projections.rebuild import Rebuild
from chassis.projections.sweep import Sweep
from chassis.redis.client import connect
from chassis.security.service_tokens import ServiceTokens
from contracts.ids import LedgerId
from contracts.journal import JournalEntry
from services.insights.insights import jobs
from services.insights.insights import repository as insight_repository
from services.insights.operations.service import OperationsService
from services.insights.projections import repository
from services.insights.projections.audit import Audit
from services.insights.projections.checkpoints import CHECKPOINTS
from services.insights.projections.effects import CommitEffects
from services.insights.projections.totals import Delta
from services.insights.settings import Settings
from services.insights.tables import ProjectionBuildRow

REDIS_TIMEOUT = 0.25
"""Seconds that a read may lose to a Redis that hangs, once in a while."""


class TotalsProjection:
    """The projection: totals, payments, names and the insight job move with the checkpoint."""

    def project(self, session: Session, batches: Mapping[ProjectionBuild, Sequence[JournalEntry]]) -> None:
        """Takes entries in. Raises ValueError on an image that cannot be read."""
        repository.write(session, Delta.of(batches))

    def advanced(self, session: Session, revisions: Mapping[LedgerId, int]) -> None:
        """Insights are wanted at the new revisions."""
        jobs.request(session, revisions, datetime.now(UTC))

    def clear_some(self, session: Session, build: ProjectionBuild) -> Mapping[str, int]:
        """Deletes a few rows of what was derived."""
        return repository.clear_some(session, build)

    def reset(self, session: Session, ledger: LedgerId) -> None:
        """Insights of another history are worth nothing; what people said stays."""
        insight_repository.discard(session, ledger)


class InsightsComponents(NamedTuple):
    """What the API, the consumer and the operator's command have in common."""

    reader: JournalReader
    rebuild: Rebuild
    audit: Audit
    effects: CommitEffects
    operations: OperationsService
    sweep: Sweep


def build(settings: Settings, database: Database) -> InsightsComponents:
    """The parts, as the environment has it."""
    notices, answers = settings.redis_url, settings.response_cache_url
    cache = None if answers == notices else connect(answers, timeout=REDIS_TIMEOUT)
    effects = CommitEffects(connect(notices, timeout=REDIS_TIMEOUT), cache)
    tokens = ServiceTokens("insights", settings.service_keys)
    return assemble(database, ServiceClient(settings.expenses_url, "expenses", tokens), effects)


def assemble(database: Database, client: ServiceClient, effects: CommitEffects) -> InsightsComponents:
    """The parts, over one database and one book."""
    feed, totals = Feed(client), TotalsProjection()
    rebuild = Rebuild(database, CHECKPOINTS, ProjectionBuildRow, feed, totals)
    audit = Audit(database, CHECKPOINTS, client, feed, rebuild)
    reader = JournalReader(database, CHECKPOINTS, feed, totals, effects.applied, effects.history_replaced)
    sweep = Sweep(database, CHECKPOINTS, feed, reader, effects.repeat)
    return InsightsComponents(
        reader, rebuild, audit, effects, OperationsService(database, CHECKPOINTS, client, reader, sweep), sweep
    )
