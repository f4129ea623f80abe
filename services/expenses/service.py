"""Changes of a ledger: one method for each use case."""

from collections.abc import Iterator
from uuid import UUID

from pydantic import BaseModel

from chassis.errors import Conflict, Invalid, NotFound
from contracts.book import CATEGORY, EXPENSE, ExpenseImage
from contracts.identity import Caller
from contracts.journal import Via
from contracts.text import fold
from services.expenses.deciding import ExpenseEditor
from services.expenses.ledger.limits import MAX_UNDO_BYTES
from services.expenses.ledger.undo import Undo
from services.expenses.ledger.unit_of_work import Idempotency, LedgerWriter, UnitOfWork, WriteResult, check_if_match
from services.expenses.repository import LedgerRepository
from services.expenses.schemas import Batch, BatchResult, Category, CategoryPatch, ExpenseIn, ExpensePatch

BATCH_SIZE = 50
"""Expenses of a batch that are read at once: their notes may be long."""


class EmptyBody(BaseModel):
    """An empty response body."""


class ExpenseService:
    """Changes expenses and categories."""

    def __init__(self, writer: LedgerWriter) -> None:
        self._writer = writer

    def record_expense(self, caller: Caller, via: Via, request: ExpenseIn, key: str | None) -> WriteResult:
        """Raises Invalid."""

        def work(uow: UnitOfWork) -> BaseModel:
            editor = ExpenseEditor(uow)
            new = editor.record(request)
            editor.add_categories()
            uow.repository.add_expenses([new])
            return editor.to_expense(*new)

        return self._writer.execute(caller, via, "record_expense", work, Idempotency.of(key, request))

    def correct_expense(
        self, caller: Caller, via: Via, id_: UUID, request: ExpensePatch, if_match: str | None
    ) -> WriteResult:
        """Raises NotFound, ChangedMeanwhile, Invalid."""

        def work(uow: UnitOfWork) -> BaseModel:
            editor = ExpenseEditor(uow)
            before = uow.repository.expenses([id_]).get(id_)
            if before is None:
                raise NotFound
            check_if_match(if_match, editor.to_expense(id_, before))
            after = editor.correct(id_, before, request)
            editor.add_categories()
            uow.repository.update_expenses([(id_, after)])
            return editor.to_expense(id_, after)

        return self._writer.execute(caller, via, "correct_expense", work)

    def remove_expense(self, caller: Caller, via: Via, id_: UUID, if_match: str | None) -> WriteResult:
        """Raises NotFound, ChangedMeanwhile."""

        def work(uow: UnitOfWork) -> BaseModel:
            before = uow.repository.expenses([id_]).get(id_)
            if before is None:
                raise NotFound
            check_if_match(if_match, ExpenseEditor(uow).to_expense(id_, before))
            uow.repository.delete_expenses([id_])
            uow.add_change(EXPENSE, id_, before, None)
            return EmptyBody()

        return self._writer.execute(caller, via, "remove_expense", work)

    def change_expenses(self, caller: Caller, via: Via, batch: Batch, key: str | None) -> WriteResult:
        """Makes up to 500 changes, all or none. Raises Invalid with the pointer of the invalid change."""

        def work(uow: UnitOfWork) -> BaseModel:
            return _change(uow, batch)

        return self._writer.execute(caller, via, "change_expenses", work, Idempotency.of(key, batch), batch.changes)

    def correct_category(
        self, caller: Caller, via: Via, id_: UUID, request: CategoryPatch, if_match: str | None
    ) -> WriteResult:
        """Changes a category: one pair, however many expenses use it. Raises NotFound, StaleIfMatch, Conflict."""

        def work(uow: UnitOfWork) -> BaseModel:
            before = uow.repository.categories_by_id([id_]).get(id_)
            if before is None:
                raise NotFound
            check_if_match(if_match, Category.of(id_, before))
            after = before.model_copy(update={name: getattr(request, name) for name in request.model_fields_set})
            others = uow.repository.categories_named([fold(after.name)]).keys() - {id_}
            if others and fold(after.name) != fold(before.name):
                msg = "There is a category of that name already."
                raise Conflict(msg)
            uow.repository.update_category(id_, after)
            uow.add_change(CATEGORY, id_, before, after)
            return Category.of(id_, after)

        return self._writer.execute(caller, via, "correct_category", work)

    def undo_action(self, caller: Caller, via: Via, action_id: UUID, *, skip: bool) -> WriteResult:
        """Undoes an action. Raises NotFound, and ChangedSince unless `skip`."""

        def work(uow: UnitOfWork) -> BaseModel:
            uow.max_bytes = MAX_UNDO_BYTES
            return Undo(uow, uow.entries_of(action_id), skip=skip).run(action_id)

        return self._writer.execute(caller, via, "undo_action", work)


def _change(uow: UnitOfWork, batch: Batch) -> BatchResult:
    editor, book = ExpenseEditor(uow), uow.repository
    editor.load_categories(request.category for request in batch.create)
    new = [editor.record(request, f"/create/{index}") for index, request in enumerate(batch.create)]
    updated = [
        done for start in range(0, len(batch.update), BATCH_SIZE) for done in _update(editor, book, batch, start)
    ]
    for start in range(0, len(batch.delete), BATCH_SIZE):
        _delete(uow, batch.delete, start)
    editor.add_categories()
    book.add_expenses(new)
    book.update_expenses(updated)
    book.delete_expenses(batch.delete)
    created, changed = ([editor.to_expense(*item) for item in items] for items in (new, updated))
    return BatchResult(created=created, updated=changed, deleted=batch.delete)


def _update(
    editor: ExpenseEditor, book: LedgerRepository, batch: Batch, start: int
) -> Iterator[tuple[UUID, ExpenseImage]]:
    """Yields the images of some updates. A few are read at a time, so that a batch that is too large ends early."""
    some = batch.update[start : start + BATCH_SIZE]
    known = book.expenses([request.id for request in some])
    editor.load_categories(
        (request.category for request in some if request.category), (one.category for one in known.values())
    )
    for index, request in enumerate(some, start):
        before = known.get(request.id)
        if before is None:
            raise Invalid.field(f"/update/{index}/id", "there is no expense with that id")
        yield request.id, editor.correct(request.id, before, request, f"/update/{index}")


def _delete(uow: UnitOfWork, ids: list[UUID], start: int) -> None:
    some = ids[start : start + BATCH_SIZE]
    known = uow.repository.expenses(some)
    for index, id_ in enumerate(some, start):
        if id_ not in known:
            raise Invalid.field(f"/delete/{index}", "there is no expense with that id")
        uow.add_change(EXPENSE, id_, known[id_], None)
