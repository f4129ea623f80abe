"""The projection of the book's journal, and the components that API, consumer and commands share."""

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
"""Seconds that a read may lose to an unresponsive Redis."""


class TotalsProjection:
    """The projection. Totals, payments, names and the insight job change with the checkpoint, in one transaction."""

    def project(self, session: Session, batches: Mapping[ProjectionBuild, Sequence[JournalEntry]]) -> None:
        """Applies entries. Raises ValueError for an unreadable image."""
        repository.write(session, Delta.of(batches))

    def advanced(self, session: Session, revisions: Mapping[LedgerId, int]) -> None:
        """Requests insights at the new revisions."""
        jobs.request(session, revisions, datetime.now(UTC))

    def clear_some(self, session: Session, build: ProjectionBuild) -> Mapping[str, int]:
        """Deletes a few derived rows."""
        return repository.clear_some(session, build)

    def reset(self, session: Session, ledger: LedgerId) -> None:
        """Discards the insights of a replaced history. Dismissals and consents stay."""
        insight_repository.discard(session, ledger)


class InsightsComponents(NamedTuple):
    """The components that the API, the consumer and the operator's commands share."""

    reader: JournalReader
    rebuild: Rebuild
    audit: Audit
    effects: CommitEffects
    operations: OperationsService
    sweep: Sweep


def build(settings: Settings, database: Database) -> InsightsComponents:
    """Creates the components from the settings."""
    stream, responses = settings.redis_url, settings.response_cache_url
    cache = None if responses == stream else connect(responses, timeout=REDIS_TIMEOUT)
    effects = CommitEffects(connect(stream, timeout=REDIS_TIMEOUT), cache)
    tokens = ServiceTokens("insights", settings.service_keys)
    return assemble(database, ServiceClient(settings.expenses_url, "expenses", tokens), effects)


def assemble(database: Database, client: ServiceClient, effects: CommitEffects) -> InsightsComponents:
    """Creates the components over one database and one client of expenses."""
    feed, totals = Feed(client), TotalsProjection()
    rebuild = Rebuild(database, CHECKPOINTS, ProjectionBuildRow, feed, totals)
    audit = Audit(database, CHECKPOINTS, client, feed, rebuild)
    reader = JournalReader(database, CHECKPOINTS, feed, totals, effects.applied, effects.history_replaced)
    sweep = Sweep(database, CHECKPOINTS, feed, reader, effects.repeat)
    return InsightsComponents(
        reader, rebuild, audit, effects, OperationsService(database, CHECKPOINTS, client, reader, sweep), sweep
    )
