"""Erasure of ledgers in insights. Of an account it deletes consents to a model, and the usage of it."""

from collections import Counter
from functools import partial

import redis
import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database.chunked_deletes import Chunk
from chassis.database.engine import Database, delete, table_of
from chassis.database.purge import copies_until, purge
from chassis.erasure.orders import ErasureOrders
from chassis.errors import Unavailable
from chassis.projections.builds import ProjectionBuild
from contracts.erasure import ErasureOrder, ErasureResult
from contracts.ids import LedgerId
from services.insights.insights import repository as insight_repository
from services.insights.projections import repository as totals_repository
from services.insights.projections.checkpoints import CHECKPOINTS
from services.insights.projections.effects import CommitEffects
from services.insights.tables import AuditRow, Base, ErasureRow, ModelCallRow, ProjectionBuildRow

_AUDITS, _BUILDS = table_of(AuditRow), table_of(ProjectionBuildRow)
_TABLES = [*totals_repository.TABLES, table_of(ModelCallRow).name]
"""Tables that are emptied in chunks."""


class InsightsErasure:
    """The use case of erasure."""

    def __init__(self, database: Database, effects: CommitEffects) -> None:
        self._database = database
        self._effects = effects
        self._erasures = ErasureOrders(database, ErasureRow)

    def erase(self, order: ErasureOrder) -> ErasureResult:
        """Deletes, and closes the checkpoints for good. Repeating an order returns the same result.

        Raises Unavailable if Redis is unavailable, since cached responses must be deleted before the confirmation.
        Also if the bytes of deleted rows cannot be purged from the files yet.
        """
        builds: list[ProjectionBuild] = []

        def close(session: Session) -> Counter[str]:
            deleted: Counter[str] = Counter(dict.fromkeys(_TABLES, 0))
            for ledger in sorted(order.ledgers):
                builds.append(CHECKPOINTS.close(session, ledger))
                # A running rebuild fills another build. It finds no journal any more and deletes that build. If its
                # process has died, its rows are deleted here.
                unfinished = sa.select(_BUILDS.c.ledger, _BUILDS.c.generation).where(_BUILDS.c.ledger == ledger)
                builds.extend(ProjectionBuild(*row) for row in session.execute(unfinished))
                deleted.update(insight_repository.delete_ledger(session, ledger))
                deleted[_AUDITS.name] += delete(session, _AUDITS, _AUDITS.c.ledger == ledger)
            if order.account is not None:
                deleted.update(insight_repository.delete_account(session, order.account))
            return deleted

        def chunks() -> list[Chunk]:
            of_builds = [partial(totals_repository.clear_some, build=build) for build in builds]
            calls = [partial(insight_repository.delete_calls, ledger=ledger) for ledger in order.ledgers]
            return [*of_builds, *calls]

        erased = self._erasures.carry_out(order.receipt, close, chunks)
        self._delete_cached(order.ledgers)
        purge(self._database, Base.metadata.sorted_tables)
        return erased.model_copy(update={"copies_until": copies_until(self._database)})

    def _delete_cached(self, ledgers: tuple[LedgerId, ...]) -> None:
        try:
            for ledger in ledgers:
                self._effects.delete_cached(ledger)
        except redis.RedisError as error:
            raise Unavailable from error
