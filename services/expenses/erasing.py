"""Erasure of ledgers and of people, as the book carries it out."""

from collections import Counter
from uuid import UUID

from sqlalchemy.orm import Session

from chassis.database import Database, delete, table_of
from chassis.erasure import Erasures
from chassis.journal import Journal
from contracts.erasure import Erased, ErasureOrder
from services.expenses.models import CategoryRow, ErasureRow, ExpenseRow, ReplayRow

_OF_LEDGERS = (ExpenseRow, CategoryRow, ReplayRow)
_NO_SETTINGS = {"currency": "XXX", "time_zone": "UTC", "locale": "en", "stored_bytes": 0}
"""What stands where an erased ledger's settings stood."""


class Erasing:
    """The use case."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal
        self._erasures = Erasures(ErasureRow)

    def erase(self, order: ErasureOrder) -> Erased:
        """Deletes, and sees to it that nothing comes back. The same order again has the same answer."""
        with self._database.write() as session:
            # The ledgers' rows first: whoever gets the same order at this moment waits here, and then finds it done.
            closed = {ledger: self._journal.close(session, ledger, **_NO_SETTINGS) for ledger in sorted(order.ledgers)}
            if done := self._erasures.done(session, order.receipt):
                return done
            deleted = Counter({"journal": sum(closed.values())})
            for ledger in closed:
                deleted.update(_emptied(session, ledger))
            if order.account is not None:
                deleted.update(_answers_of(session, order.account))
            return self._erasures.note(session, order.receipt, deleted)


def _emptied(session: Session, ledger: UUID) -> dict[str, int]:
    tables = map(table_of, _OF_LEDGERS)
    return {table.name: delete(session, table, table.c.ledger == ledger) for table in tables}


def _answers_of(session: Session, account: UUID) -> dict[str, int]:
    """Answers kept for whoever asks twice; in shared ledgers what was written stays, by a former member."""
    table = table_of(ReplayRow)
    return {table.name: delete(session, table, table.c.actor == account)}
