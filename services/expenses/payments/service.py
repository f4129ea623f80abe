"""Changes and reads of expenses: one method for each use case."""

from collections.abc import Iterator

from pydantic import BaseModel

from chassis.errors import Invalid
from contracts.book import EXPENSE, BookSums, ExpenseImage
from contracts.ids import ExpenseId, LedgerId
from services.expenses.categories.repository import CategoryRepository
from services.expenses.ledger.limits import MAX_PAGE_BYTES
from services.expenses.ledger.reader import LedgerReader, ReadResult
from services.expenses.ledger.requests import ReadRequest, WriteRequest
from services.expenses.ledger.unit_of_work import LedgerWriter, UnitOfWork, WriteResult
from services.expenses.payments.editor import ExpenseEditor
from services.expenses.payments.queries import Cursor, ListQuery
from services.expenses.payments.repository import ExpenseRepository
from services.expenses.payments.schemas import Batch, BatchResult, Expense, ExpenseIn, ExpensePage, ExpensePatch

BATCH_SIZE = 50
"""Expenses of a batch that are read at once: their notes may be long."""


class EmptyBody(BaseModel):
    """An empty response body."""


class ExpenseService:
    """Expenses of ledgers."""

    def __init__(self, reader: LedgerReader, writer: LedgerWriter) -> None:
        self._reader = reader
        self._writer = writer

    def record(self, request: WriteRequest, body: ExpenseIn) -> WriteResult:
        """Records an expense. Raises Invalid."""
        with self._writer.begin(request, "record_expense", body) as uow:
            if uow.replay:
                return uow.replay
            editor = ExpenseEditor(uow)
            id_, image = editor.record(body)
            return uow.commit(editor.to_expense(id_, image))

    def correct(self, request: WriteRequest, id_: ExpenseId, patch: ExpensePatch) -> WriteResult:
        """Corrects an expense. Raises NotFound, StaleIfMatch, Invalid."""
        with self._writer.begin(request, "correct_expense") as uow:
            editor = ExpenseEditor(uow)
            before = uow.repository(ExpenseRepository).get(id_)
            request.check_if_match(editor.to_expense(id_, before))
            after = editor.correct(id_, before, patch)
            return uow.commit(editor.to_expense(id_, after))

    def remove(self, request: WriteRequest, id_: ExpenseId) -> WriteResult:
        """Removes an expense. Raises NotFound, StaleIfMatch."""
        with self._writer.begin(request, "remove_expense") as uow:
            before = uow.repository(ExpenseRepository).get(id_)
            request.check_if_match(ExpenseEditor(uow).to_expense(id_, before))
            uow.save(EXPENSE, id_, before, None)
            return uow.commit(EmptyBody())

    def change(self, request: WriteRequest, batch: Batch) -> WriteResult:
        """Makes up to 500 changes, all or none. Raises Invalid with the pointer of the invalid change."""
        with self._writer.begin(request, "change_expenses", batch, batch.changes) as uow:
            if uow.replay:
                return uow.replay
            return uow.commit(_change(uow, batch))

    def read(self, request: ReadRequest, id_: ExpenseId) -> ReadResult:
        """Returns one expense. Raises NotFound, UnknownRevision."""
        with self._reader.read(request) as snapshot:
            image = snapshot.repository(ExpenseRepository).get(id_)
            category = snapshot.repository(CategoryRepository).get(image.category)
            return snapshot.result(Expense.of(id_, image, category))

    def list(self, request: ReadRequest, query: ListQuery) -> ReadResult:
        """Returns a page of expenses, newest first. Raises UnknownRevision."""
        with self._reader.read(request) as snapshot:
            page, more = snapshot.repository(ExpenseRepository).find(query, MAX_PAGE_BYTES)
            categories = snapshot.repository(CategoryRepository).by_id({image.category for _, image in page})
            cursor = Cursor(spent_on=page[-1][1].spent_on, id=page[-1][0]).encode() if more else None
            items = [Expense.of(id_, image, categories[image.category]) for id_, image in page]
            return snapshot.result(ExpensePage(items=items, next_cursor=cursor))

    def sums(self, ledger: LedgerId) -> BookSums:
        """Returns sums of all expenses, for the audit of totals. Raises NotFound."""
        with self._reader.snapshot(ledger) as snapshot:
            sums = tuple(snapshot.repository(ExpenseRepository).sums())
            return BookSums(ledger=ledger, revision=snapshot.head.head, entry_id=snapshot.head.tail, sums=sums)


def _change(uow: UnitOfWork, batch: Batch) -> BatchResult:
    editor = ExpenseEditor(uow)
    editor.categories.load(item.category for item in batch.create)
    new = [editor.record(item, f"/create/{index}") for index, item in enumerate(batch.create)]
    updated = [
        update for start in range(0, len(batch.update), BATCH_SIZE) for update in _update(uow, editor, batch, start)
    ]
    for start in range(0, len(batch.delete), BATCH_SIZE):
        _delete(uow, batch.delete, start)
    created, changed = ([editor.to_expense(*item) for item in items] for items in (new, updated))
    return BatchResult(created=created, updated=changed, deleted=batch.delete)


def _update(
    uow: UnitOfWork, editor: ExpenseEditor, batch: Batch, start: int
) -> Iterator[tuple[ExpenseId, ExpenseImage]]:
    """Yields the images of some updates. A few are read at a time, so that a batch that is too large ends early."""
    some = batch.update[start : start + BATCH_SIZE]
    existing = uow.repository(ExpenseRepository).by_id([patch.id for patch in some])
    editor.categories.load(
        (patch.category for patch in some if patch.category), (image.category for image in existing.values())
    )
    for index, patch in enumerate(some, start):
        before = existing.get(patch.id)
        if before is None:
            raise Invalid.field(f"/update/{index}/id", "there is no expense with that id")
        yield patch.id, editor.correct(patch.id, before, patch, f"/update/{index}")


def _delete(uow: UnitOfWork, ids: list[ExpenseId], start: int) -> None:
    some = ids[start : start + BATCH_SIZE]
    existing = uow.repository(ExpenseRepository).by_id(some)
    for index, id_ in enumerate(some, start):
        if id_ not in existing:
            raise Invalid.field(f"/delete/{index}", "there is no expense with that id")
        uow.save(EXPENSE, id_, existing[id_], None)
