"""Compares totals with the book: both sums, rolled along the journal to one revision, must be equal."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from chassis.database.engine import Database
from chassis.errors import NotFound
from chassis.journal.continuity import Checkpoint, continues
from chassis.journal.feed import Feed, ServiceClient
from chassis.projections.builds import ProjectionBuild
from chassis.projections.checkpoints import Checkpoints
from chassis.projections.rebuild import Rebuild
from contracts.book import BookSums
from contracts.ids import CategoryId, LedgerId
from contracts.journal import JournalEntry
from services.insights import metrics
from services.insights.projections import audit_repository, repository
from services.insights.projections.audit_repository import AuditRecord
from services.insights.projections.totals import Delta, Sum

log = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(days=1)
"""Unchanged totals are audited again after this time, since disks can corrupt data too."""

Sums = Mapping[tuple[CategoryId, str], Sum]


class AuditOutcome(StrEnum):
    """The outcome of an audit."""

    AGREED = "agreed"
    DRIFTED = "drifted"
    """They differed, and the ledger was rebuilt."""
    SKIPPED = "skipped"
    """Nothing to compare: the journal is being restored, or was not read yet."""


class Audit:
    """Audits one ledger at a time; the caller decides how often."""

    def __init__(
        self, database: Database, checkpoints: Checkpoints, client: ServiceClient, feed: Feed, rebuild: Rebuild
    ) -> None:
        self._database = database
        self._checkpoints = checkpoints
        self._client = client
        self._feed = feed
        self._rebuild = rebuild

    def due(self, limit: int) -> list[LedgerId]:
        """Returns ledgers that changed since their last audit or were not audited for a day; longest ago first."""
        with self._database.snapshot() as session:
            return audit_repository.due(session, datetime.now(UTC), AGAIN_AFTER, limit)

    def run(self, ledger: LedgerId) -> AuditOutcome:
        """Compares, stores the outcome, and rebuilds on drift. Raises Unavailable."""
        outcome, revision = self._compare(ledger)
        metrics.audits.labels(outcome).inc()
        if outcome is AuditOutcome.SKIPPED:
            return outcome
        with self._database.write() as session:
            audit_repository.note(session, ledger, revision, datetime.now(UTC), agreed=outcome is AuditOutcome.AGREED)
        if outcome is AuditOutcome.AGREED:
            metrics.last_agreed.set_to_current_time()
        else:
            log.error("totals differ from the book; rebuilding", extra={"ledger": ledger, "revision": revision})
            self._rebuild.run(ledger)
        return outcome

    def last(self, ledger: LedgerId) -> AuditRecord | None:
        """Returns the result of the last audit of a ledger."""
        with self._database.snapshot() as session:
            return audit_repository.last(session, ledger)

    def _compare(self, ledger: LedgerId) -> tuple[AuditOutcome, int]:
        try:
            book = self._client.get(f"/internal/sums/{ledger}", BookSums)
        except NotFound:
            return AuditOutcome.SKIPPED, 0
        with self._database.snapshot() as session:
            position = self._checkpoints.position(session, ledger)
            if position is None or self._checkpoints.parked(session, [ledger]):
                return AuditOutcome.SKIPPED, 0
            totals = repository.whole(session, position.build)
        there = Checkpoint(book.revision, book.entry_id)
        rolled = self._rolled(ledger, position.checkpoint, there)
        if rolled is None:
            return AuditOutcome.SKIPPED, 0
        behind, ahead = rolled
        expected = _plus(_book_sums(book), ahead)
        agreed = all(_plus(sums, behind) == expected for sums in totals)
        return (AuditOutcome.AGREED if agreed else AuditOutcome.DRIFTED), max(
            position.checkpoint.revision, book.revision
        )

    def _rolled(self, ledger: LedgerId, totals: Checkpoint, book: Checkpoint) -> tuple[Sums, Sums] | None:
        """Returns the changes that bring totals and book to one revision; None if their histories diverged."""
        if totals == book:
            return {}, {}
        first, last = sorted((totals, book), key=lambda at: at.revision)
        entries = self._between(ledger, first, last)
        if entries is None:
            return None
        missing = _effect(entries)
        return (missing, {}) if first == totals else ({}, missing)

    def _between(self, ledger: LedgerId, first: Checkpoint, last: Checkpoint) -> list[JournalEntry] | None:
        entries: list[JournalEntry] = []
        at = first
        while at.revision < last.revision:
            page = self._feed.patient_page(ledger, at.revision)
            if not page.entries or not continues(at, page):
                return None
            entries += [entry for entry in page.entries if entry.revision <= last.revision]
            at = Checkpoint(entries[-1].revision, entries[-1].id)
        return entries if at == last else None


def _book_sums(book: BookSums) -> Sums:
    return {(item.category, item.currency): Sum(item.total, item.count) for item in book.sums}


def _effect(entries: Iterable[JournalEntry]) -> Sums:
    sums: defaultdict[tuple[CategoryId, str], Sum] = defaultdict(Sum)
    for cell, change in Delta.of({ProjectionBuild(LedgerId(UUID(int=0)), 0): list(entries)}).months.items():
        sums[cell.category, cell.currency] += change
    return sums


def _plus(sums: Sums, change: Sums) -> Sums:
    """Adds both, without sums of zero, since such rows are deleted."""
    both = {key: sums.get(key, Sum()) + change.get(key, Sum()) for key in {*sums, *change}}
    return {key: sum_ for key, sum_ in both.items() if sum_ != Sum()}
