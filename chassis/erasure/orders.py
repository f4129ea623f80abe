"""Carries out erasure orders in a service: each once, however often it arrives."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from chassis.database.chunked_deletes import Chunk, delete_all
from chassis.database.engine import Database, UtcDateTime, insert_for, table_of
from contracts.erasure import ErasureResult


class ErasureColumns:
    """Columns of the table of orders. A mixin for a service's own table."""

    receipt: Mapped[UUID] = mapped_column(primary_key=True)
    deleted: Mapped[dict[str, int]] = mapped_column(sa.JSON)
    """Number of deleted rows by table; the response if the same order arrives again."""
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished: Mapped[bool] = mapped_column(default=True)
    """False while rows are being deleted, also if the process has died meanwhile."""


class ErasureOrders:
    """Carries out orders and records them in the service's own table."""

    def __init__(self, database: Database, erasures: type[DeclarativeBase]) -> None:
        self._database = database
        self._table = table_of(erasures)

    def carry_out(
        self,
        receipt: UUID,
        close: Callable[[Session], Mapping[str, int]],
        chunks: Callable[[], Sequence[Chunk]],
    ) -> ErasureResult:
        """Runs `close` in one transaction, which prevents new rows; then deletes rows chunk by chunk.

        Each chunk is counted in its own transaction, so the counts stay right if the process dies or the order arrives
        twice. A process that gets the order again continues where the previous one stopped.
        """
        with self._database.write() as session:
            # The ledgers are closed first: their row locks wait for a process that carries out the same order.
            closed = close(session)
            if erased := self._finished(session, receipt):
                return erased
            self._count(session, receipt, closed)
        for chunk in chunks():
            delete_all(self._database, self._counting(receipt, chunk))
        with self._database.write() as session:
            row = self._table.c.receipt == receipt
            now = datetime.now(UTC)
            session.execute(sa.update(self._table).where(row).values(finished=True, erased_at=now))
            return ErasureResult(deleted=self._deleted(session, receipt))

    def _finished(self, session: Session, receipt: UUID) -> ErasureResult | None:
        query = sa.select(self._table.c.deleted).where(self._table.c.receipt == receipt, self._table.c.finished)
        deleted = session.scalar(query)
        return None if deleted is None else ErasureResult(deleted=deleted)

    def _counting(self, receipt: UUID, chunk: Chunk) -> Chunk:
        def counted(session: Session) -> Mapping[str, int]:
            deleted = chunk(session)
            self._count(session, receipt, deleted)
            return deleted

        return counted

    def _count(self, session: Session, receipt: UUID, deleted: Mapping[str, int]) -> None:
        new = {"receipt": receipt, "deleted": {}, "finished": False, "erased_at": datetime.now(UTC)}
        session.execute(insert_for(session, self._table).values(new).on_conflict_do_nothing())
        total = Counter(self._deleted(session, receipt))
        total.update(deleted)
        row = self._table.c.receipt == receipt
        session.execute(sa.update(self._table).where(row).values(deleted=dict(total)))

    def _deleted(self, session: Session, receipt: UUID) -> dict[str, int]:
        query = sa.select(self._table.c.deleted).where(self._table.c.receipt == receipt)
        deleted: dict[str, int] = session.execute(query.with_for_update()).scalar_one()
        return deleted
