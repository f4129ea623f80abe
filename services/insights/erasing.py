"""Erasure of ledgers, as insights carries it out; of people it knows what they allowed a model, and used of it."""

from collections import Counter
from uuid import UUID

import redis
import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database import Database, delete, table_of
from chassis.erasure import Erasures
from chassis.errors import Unavailable
from contracts.erasure import Erased, ErasureOrder
from services.insights import insight_store, totals_store
from services.insights.effects import Effects
from services.insights.models import AuditRow, ErasureRow, ShelfRow
from services.insights.reader import CHECKPOINTS

_AUDITS, _SHELVES = table_of(AuditRow), table_of(ShelfRow)


class Erasing:
    """The use case."""

    def __init__(self, database: Database, effects: Effects) -> None:
        self._database = database
        self._effects = effects
        self._erasures = Erasures(ErasureRow)

    def erase(self, order: ErasureOrder) -> Erased:
        """Deletes, and leaves checkpoints that nothing passes. The same order again has the same answer.

        Raises Unavailable where Redis is away: answers stay in it for an hour, and are to be gone before it is
        confirmed.
        """
        with self._database.write() as session:
            shelves = {ledger: CHECKPOINTS.close(session, ledger) for ledger in sorted(order.ledgers)}
            erased = self._erasures.done(session, order.receipt)
            if erased is None:
                deleted: Counter[str] = Counter()
                for ledger, shelf in shelves.items():
                    deleted.update(_emptied(session, ledger, shelf))
                if order.account is not None:
                    deleted.update(insight_store.forget_person(session, order.account))
                erased = self._erasures.note(session, order.receipt, deleted)
        self._forget(order.ledgers)
        return erased

    def _forget(self, ledgers: tuple[UUID, ...]) -> None:
        try:
            for ledger in ledgers:
                self._effects.forget(ledger)
        except redis.RedisError as error:
            raise Unavailable from error


def _emptied(session: Session, ledger: UUID, shelf: UUID) -> dict[str, int]:
    # A rebuild that is under way fills a shelf of its own. It finds no journal any more and clears that; one whose
    # process died is tidied within the hour, and what it has filled so far goes now.
    for filling in session.scalars(sa.select(_SHELVES.c.shelf).where(_SHELVES.c.ledger == ledger)).all():
        totals_store.clear(session, filling)
    audits = {_AUDITS.name: delete(session, _AUDITS, _AUDITS.c.ledger == ledger)}
    return totals_store.clear(session, shelf) | insight_store.forget(session, ledger) | audits
