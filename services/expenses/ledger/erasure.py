"""Erases ledgers, and the stored responses of accounts."""

from collections.abc import Sequence
from functools import partial

import redis
from sqlalchemy.orm import Session

from chassis.database.chunked_deletes import Chunk, delete_some
from chassis.database.engine import Database, table_of
from chassis.database.purge import copies_until, purge
from chassis.erasure.orders import ErasureOrders
from chassis.errors import Unavailable
from chassis.journal.journal import Journal
from chassis.redis.erasure import RedisErasure
from contracts.erasure import ErasureOrder, ErasureResult
from services.expenses.ledger.entities import EntityRegistry
from services.expenses.ledger.tables import Base, EntryRow, ErasureRow, ReplayRow

_ERASED_SETTINGS = {"currency": "XXX", "time_zone": "UTC", "locale": "en", "stored_bytes": 0}
"""Settings of an erased ledger's row."""


class LedgerErasure:
    """Carries out erasure orders."""

    def __init__(self, database: Database, journal: Journal, entities: EntityRegistry, in_redis: RedisErasure) -> None:
        self._database = database
        self._journal = journal
        self._in_redis = in_redis
        # Referring entities first.
        self._tables = [*(entity.repository.table for entity in reversed(entities)), table_of(ReplayRow)]
        self._erasures = ErasureOrders(database, ErasureRow)

    def erase(self, order: ErasureOrder) -> ErasureResult:
        """Deletes the data and prevents its return. The same order again has the same result.

        Raises Unavailable if the rows are deleted but Redis, with the newest entries on its streams, is unavailable,
        or if their bytes cannot be purged from the files yet.
        """

        def close(session: Session) -> dict[str, int]:
            for ledger in sorted(order.ledgers):
                self._journal.close(session, ledger, **_ERASED_SETTINGS)
            return {table.name: 0 for table in (table_of(EntryRow), *self._tables)}

        erased = self._erasures.carry_out(order.receipt, close, partial(self._chunks, order))
        self._erase_in_redis(order)
        purge(self._database, Base.metadata.sorted_tables)
        return erased.model_copy(update={"copies_until": copies_until(self._database)})

    def _erase_in_redis(self, order: ErasureOrder) -> None:
        try:
            self._in_redis.erase(order.ledgers)
        except redis.RedisError as error:
            raise Unavailable from error

    def _chunks(self, order: ErasureOrder) -> Sequence[Chunk]:
        chunks: list[Chunk] = []
        for ledger in order.ledgers:
            chunks.append(partial(self._journal.delete_some, ledger=ledger))
            chunks.extend(partial(delete_some, table=table, which=table.c.ledger == ledger) for table in self._tables)
        if order.account is not None:
            # Only the responses stored for idempotency keys: in shared ledgers a former member's entries stay.
            answers = table_of(ReplayRow)
            chunks.append(partial(delete_some, table=answers, which=answers.c.actor == order.account))
        return chunks
