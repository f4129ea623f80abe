"""The interface between a service's projection, its journal reader and its rebuild."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from sqlalchemy.orm import Session

from chassis.projections.builds import ProjectionBuild
from contracts.ids import LedgerId
from contracts.journal import JournalEntry


class Projection(Protocol):
    """What a service derives from the journal, inside the transaction that moves the checkpoints."""

    def project(self, session: Session, batches: Mapping[ProjectionBuild, Sequence[JournalEntry]]) -> None:
        """Applies entries by build, oldest first. Any permanent error parks the ledger."""

    def advanced(self, session: Session, revisions: Mapping[LedgerId, int]) -> None:
        """Called in the same transaction, with the revision that each ledger has reached."""

    def clear_some(self, session: Session, build: ProjectionBuild) -> Mapping[str, int]:
        """Deletes a few rows of a build; returns the number by table, none when nothing remains."""

    def reset(self, session: Session, ledger: LedgerId) -> None:
        """Called when a ledger is read again from the start: deletes what was derived beside its build."""
