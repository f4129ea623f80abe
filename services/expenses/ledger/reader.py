"""How every read runs: one snapshot, with its revision."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import NotFound, UnknownRevision
from chassis.journal.journal import Journal
from contracts.ids import LedgerId
from contracts.journal import Head
from services.expenses.ledger.entities import EntityRepository
from services.expenses.ledger.requests import ReadRequest

R = TypeVar("R", bound=EntityRepository[Any, Any])


class ReadResult(NamedTuple):
    """A response body as JSON, and its revision."""

    body: str
    revision: int


@dataclass(frozen=True)
class LedgerSnapshot:
    """A ledger at one revision."""

    session: Session
    head: Head

    def repository(self, kind: type[R]) -> R:
        """Returns the rows of one kind of entity."""
        return kind(self.session, self.head.ledger)

    def result(self, body: BaseModel) -> ReadResult:
        """Returns the response body with the revision."""
        return ReadResult(body.model_dump_json(by_alias=True), self.head.head)


class LedgerReader:
    """Reads ledgers."""

    def __init__(self, database: Database, journal: Journal, open_ledger: Callable[[LedgerId], None]) -> None:
        self._database = database
        self._journal = journal
        self._open = open_ledger

    @contextmanager
    def read(self, request: ReadRequest) -> Iterator[LedgerSnapshot]:
        """Reads the requested ledger in one snapshot. Raises UnknownRevision, NotFound."""
        with self.snapshot(request.ledger) as snapshot:
            if request.min_revision > snapshot.head.head:
                msg = f"This ledger is at revision {snapshot.head.head}."
                raise UnknownRevision(msg)
            yield snapshot

    @contextmanager
    def every_ledger(self) -> Iterator[Session]:
        """Reads over all ledgers in one snapshot, for operators."""
        with self._database.snapshot() as session:
            yield session

    @contextmanager
    def snapshot(self, ledger: LedgerId) -> Iterator[LedgerSnapshot]:
        """Reads in one snapshot. Opens a new ledger first. Raises NotFound."""
        for _ in range(2):
            with self._database.snapshot() as session:
                if (head := self._journal.head(session, ledger)) is not None:
                    yield LedgerSnapshot(session, head)
                    return
            self._open(ledger)
        raise NotFound
