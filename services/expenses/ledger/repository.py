"""Queries of ledgers and of stored responses. No decisions."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts.book import StoredLedger, StoredLedgers
from contracts.ids import LedgerId, UserId
from services.expenses.ledger.tables import LedgerRow, ReplayRow


class LedgerRepository:
    """One ledger, within one transaction."""

    def __init__(self, session: Session, ledger: LedgerId) -> None:
        self._session = session
        self.ledger = ledger

    def settings(self) -> LedgerRow:
        """Returns the row of an open ledger."""
        return self._session.get_one(LedgerRow, self.ledger)

    def replay(self, actor: UserId, key: str) -> ReplayRow | None:
        """Returns the stored response for an idempotency key."""
        return self._session.get(ReplayRow, (self.ledger, actor, key))

    def add_replay(self, row: ReplayRow) -> None:
        """Stores a response for its idempotency key."""
        self._session.add(row)


def stored_bytes(session: Session, ledgers: Collection[LedgerId]) -> int:
    """Returns the bytes in the journals of these ledgers."""
    query = sa.select(sa.func.sum(LedgerRow.stored_bytes)).where(LedgerRow.id.in_(ledgers))
    return int(session.scalar(query) or 0)


def stored_ledgers(session: Session, limit: int) -> StoredLedgers:
    """Returns the bytes of all journals, and the largest ledgers."""
    columns = LedgerRow.id.label("ledger"), LedgerRow.stored_bytes
    rows = session.execute(sa.select(*columns).order_by(LedgerRow.stored_bytes.desc(), LedgerRow.id).limit(limit))
    largest = tuple(StoredLedger.model_validate(row, from_attributes=True) for row in rows)
    total = session.scalar(sa.select(sa.func.sum(LedgerRow.stored_bytes)))
    return StoredLedgers(total_bytes=int(total or 0), ledgers=largest)
