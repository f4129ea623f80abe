"""Reads of a ledger and its journal, and undo."""

from contracts.ids import ActionId
from services.expenses.ledger.limits import MAX_PAGE_BYTES, MAX_UNDO_BYTES
from services.expenses.ledger.reader import LedgerReader, ReadResult
from services.expenses.ledger.repository import LedgerRepository
from services.expenses.ledger.requests import ReadRequest, WriteRequest
from services.expenses.ledger.schemas import JournalQuery, Ledger
from services.expenses.ledger.undo import Undo
from services.expenses.ledger.unit_of_work import LedgerWriter, WriteResult


class JournalService:
    """What users do with a ledger as a whole."""

    def __init__(self, reader: LedgerReader, writer: LedgerWriter) -> None:
        self._reader = reader
        self._writer = writer

    def settings(self, request: ReadRequest) -> ReadResult:
        """Returns the ledger's settings. Raises UnknownRevision."""
        with self._reader.read(request) as snapshot:
            row = LedgerRepository(snapshot.session, request.ledger).settings()
            return snapshot.result(Ledger.model_validate(row, from_attributes=True))

    def journal(self, request: ReadRequest, query: JournalQuery) -> ReadResult:
        """Returns the JSON of a JournalPage."""
        with self._reader.snapshot(request.ledger) as snapshot:
            bounds = {"limit": query.limit, "most_bytes": MAX_PAGE_BYTES}
            entries = self._writer.journal.encoded(snapshot.session, request.ledger, query.after, **bounds)
            head = snapshot.head.head
            return ReadResult(f'{{"items":{entries},"head":{head}}}', head)

    def undo_action(self, request: WriteRequest, action_id: ActionId, *, skip: bool) -> WriteResult:
        """Undoes an action. Raises NotFound, and ChangedSince unless `skip`."""
        with self._writer.begin(request, "undo_action") as uow:
            uow.max_bytes = MAX_UNDO_BYTES
            return uow.commit(Undo(uow, self._writer.entities, skip=skip).run(action_id))
