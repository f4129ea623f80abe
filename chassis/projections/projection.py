"""What a service makes of a journal, as its reader and its rebuild know it."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.journal import JournalEntry


class Projection(Protocol):
    """What a service derives from the journal, inside the transaction that moves the checkpoints."""

    def project(self, session: Session, shelves: Mapping[UUID, Sequence[JournalEntry]]) -> None:
        """Takes in entries by shelf, oldest first. Any error but a transient one parks the ledger."""

    def moved(self, session: Session, reached: Mapping[UUID, int]) -> None:
        """Ledgers have come to these revisions: what else is to be noted in that transaction."""

    def clear_some(self, session: Session, shelf: UUID) -> Mapping[str, int]:
        """Deletes a few rows of a shelf; how many of which table, none where nothing is left."""

    def forget(self, session: Session, ledger: UUID) -> None:
        """The ledger is read from the start: deletes what was derived of it beside its shelf."""
