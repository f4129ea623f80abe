"""The use cases of the operator's commands: status, and repairs."""

import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from pydantic import BaseModel

from chassis.database.engine import Database
from chassis.errors import Problem
from chassis.journal.continuity import Checkpoint, continues
from chassis.journal.feed import ALL_REVISIONS, Feed, ServiceClient
from chassis.projections.checkpoints import CLOSED, Checkpoints
from chassis.projections.reader import JournalReader
from chassis.projections.sweep import Sweep
from contracts.book import SameNames, StoredLedgers
from contracts.ids import LedgerId
from contracts.journal import Backlog, Head, JournalEntry
from contracts.operations import UnnamedProxy
from services.insights.insights import jobs
from services.insights.operations import repository
from services.insights.operations.repository import AuditSummary, LastSweep, ParkedLedger
from services.insights.operations.storage import ServiceStorage

T = TypeVar("T")


class LedgerBehind(BaseModel):
    """A ledger whose totals are behind its journal."""

    ledger: LedgerId
    at: int
    head: int
    rewound: bool
    """Whether the journal was replaced by a restore; the next sweep reads it from the start."""


class OperationsStatus(BaseModel):
    """The status of everything. Fields that need expenses are None if it is unavailable."""

    ledgers: int | None
    backlog: Backlog | None
    behind: list[LedgerBehind] | None
    """Ledgers behind, the furthest first."""
    parked: list[ParkedLedger]
    jobs: jobs.JobCounts
    swept: LastSweep | None
    audits: AuditSummary
    storage: list[ServiceStorage] = []
    same_names: SameNames | None = None
    """Categories that a ledger has twice."""
    stored: StoredLedgers | None = None
    unnamed_proxy: UnnamedProxy | None = None
    """A proxy before the gateway that is not configured, if a request came through it within a day."""


class ReplayOutcome(StrEnum):
    """The outcome of replaying a ledger."""

    CAUGHT_UP = "caught up"
    PARKED_AGAIN = "set aside again"
    LEFT = "left to the next sweep"
    """Expenses is unavailable."""


class OperationsService:
    """The use cases of the operator's command."""

    def __init__(
        self, database: Database, checkpoints: Checkpoints, client: ServiceClient, reader: JournalReader, sweep: Sweep
    ) -> None:
        self._database = database
        self._checkpoints = checkpoints
        self._client = client
        self._feed = Feed(client)
        self._reader = reader
        self._sweep = sweep

    def status(self, now: datetime) -> OperationsStatus:
        """Returns the complete status."""
        backlog = _answer(lambda: self._client.get("/internal/backlog", Backlog))
        same_names = _answer(lambda: self._client.get("/internal/same-names", SameNames))
        stored = _answer(lambda: self._client.get("/internal/stored", StoredLedgers))
        ledgers, behind = _answer(self._compare) or (None, None)
        with self._database.snapshot() as session:
            return OperationsStatus(
                ledgers=ledgers,
                backlog=backlog,
                behind=behind,
                parked=repository.parked(session),
                jobs=jobs.counts(session, now),
                swept=repository.swept(session),
                audits=repository.audits(session),
                same_names=same_names,
                stored=stored,
            )

    def sweep(self) -> int:
        """Runs a sweep, and stores when it ended; returns the number of missing entries. Raises as Sweep.run does."""
        missing = self._sweep.run()
        with self._database.write() as session:
            repository.note_sweep(session, missing, datetime.now(UTC))
        return missing

    def ledgers(self) -> Iterator[LedgerId]:
        """Yields all ledgers of the book. Raises Unavailable."""
        return (head.ledger for page in self._heads() for head in page)

    def parked(self, ledger: LedgerId | None = None) -> list[ParkedLedger]:
        """Returns the parked ledgers, or only the given one."""
        with self._database.snapshot() as session:
            return repository.parked(session, ledger)

    def entry(self, ledger: LedgerId, revision: int) -> JournalEntry | None:
        """Returns the entry as the journal has it now. Raises NotFound, Unavailable."""
        entries = self._feed.page(ledger, revision - 1).entries
        return entries[0] if entries else None

    def replay(self, ledger: LedgerId) -> ReplayOutcome:
        """Unparks a ledger, and applies its missing entries."""
        with self._database.write() as session:
            self._checkpoints.unpark(session, ledger)
        try:
            self._reader.catch_up(ledger, ALL_REVISIONS, by="replay", timeout=math.inf)
        except Problem:
            return ReplayOutcome.LEFT
        return ReplayOutcome.PARKED_AGAIN if self.parked(ledger) else ReplayOutcome.CAUGHT_UP

    def _compare(self) -> tuple[int, list[LedgerBehind]]:
        count, behind = 0, []
        for page in self._heads():
            count += len(page)
            with self._database.snapshot() as session:
                revisions = self._checkpoints.of(session, [head.ledger for head in page])
            # Entries written after the page was read put a checkpoint ahead of it, which is no replaced journal.
            behind += [
                LedgerBehind(ledger=head.ledger, at=at.revision, head=head.head, rewound=rewound)
                for head in page
                if (at := revisions[head.ledger]) != Checkpoint(head.head, head.tail)
                and ((rewound := self._is_rewound(head, at)) or at.revision < head.head)
            ]
        return count, sorted(behind, key=lambda one: one.at - one.head)

    def _is_rewound(self, head: Head, at: Checkpoint) -> bool:
        if at.revision < head.head or at == CLOSED:
            return False
        return not continues(at, self._feed.page(head.ledger, at.revision))

    def _heads(self) -> Iterator[tuple[Head, ...]]:
        after = None
        while True:
            page = self._feed.heads(after)
            yield page.items
            after = page.next_after
            if after is None:
                return


def _answer(ask: Callable[[], T]) -> T | None:
    """Returns the response of expenses to one request, or None if that fails."""
    try:
        return ask()
    except Problem:
        return None
