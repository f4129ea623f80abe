"""What can be done with the book: every use case, a method each."""

from collections.abc import Iterator
from uuid import UUID

from pydantic import BaseModel

from chassis.errors import Conflict, Invalid, NotFound
from contracts.book import CATEGORY, EXPENSE, ExpenseImage
from contracts.identity import Caller
from contracts.journal import Via
from contracts.text import fold
from services.expenses.deciding import Desk
from services.expenses.ledger.limits import MOST_UNDO_BYTES
from services.expenses.ledger.undo import Undo
from services.expenses.ledger.unit_of_work import Idempotency, Writer, Writing, Written, check_match
from services.expenses.repository import Book
from services.expenses.schemas import Batch, BatchDone, Category, CategoryPatch, ExpenseIn, ExpensePatch

AT_ONCE = 50
"""Expenses of a batch that are read together: their notes may be long."""


class Nothing(BaseModel):
    """The body of an answer without one."""


class BookService:
    """The use cases that write."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def record_expense(self, caller: Caller, via: Via, sent: ExpenseIn, key: str | None) -> Written:
        """Raises Invalid."""

        def decide(writing: Writing) -> BaseModel:
            desk = Desk(writing)
            new = desk.record(sent)
            desk.add_categories()
            writing.book.add_expenses([new])
            return desk.shown(*new)

        return self._writer.act(caller, via, "record_expense", decide, Idempotency.of(key, sent))

    def correct_expense(self, caller: Caller, via: Via, id_: UUID, sent: ExpensePatch, if_match: str | None) -> Written:
        """Raises NotFound, ChangedMeanwhile, Invalid."""

        def decide(writing: Writing) -> BaseModel:
            desk = Desk(writing)
            before = writing.book.expenses([id_]).get(id_)
            if before is None:
                raise NotFound
            check_match(if_match, desk.shown(id_, before))
            after = desk.correct(id_, before, sent)
            desk.add_categories()
            writing.book.put_expenses([(id_, after)])
            return desk.shown(id_, after)

        return self._writer.act(caller, via, "correct_expense", decide)

    def remove_expense(self, caller: Caller, via: Via, id_: UUID, if_match: str | None) -> Written:
        """Raises NotFound, ChangedMeanwhile."""

        def decide(writing: Writing) -> BaseModel:
            before = writing.book.expenses([id_]).get(id_)
            if before is None:
                raise NotFound
            check_match(if_match, Desk(writing).shown(id_, before))
            writing.book.delete_expenses([id_])
            writing.note(EXPENSE, id_, before, None)
            return Nothing()

        return self._writer.act(caller, via, "remove_expense", decide)

    def change_expenses(self, caller: Caller, via: Via, batch: Batch, key: str | None) -> Written:
        """Up to 500 changes, all or none. Raises Invalid with the pointer of the change to blame."""

        def decide(writing: Writing) -> BaseModel:
            return _change(writing, batch)

        return self._writer.act(caller, via, "change_expenses", decide, Idempotency.of(key, batch), batch.changes)

    def correct_category(
        self, caller: Caller, via: Via, id_: UUID, sent: CategoryPatch, if_match: str | None
    ) -> Written:
        """Renames or recolours: one pair, however many expenses. Raises NotFound, ChangedMeanwhile, Conflict."""

        def decide(writing: Writing) -> BaseModel:
            before = writing.book.categories_by_id([id_]).get(id_)
            if before is None:
                raise NotFound
            check_match(if_match, Category.of(id_, before))
            after = before.model_copy(update={name: getattr(sent, name) for name in sent.model_fields_set})
            others = writing.book.categories_named([fold(after.name)]).keys() - {id_}
            if others and fold(after.name) != fold(before.name):
                msg = "There is a category of that name already."
                raise Conflict(msg)
            writing.book.put_category(id_, after)
            writing.note(CATEGORY, id_, before, after)
            return Category.of(id_, after)

        return self._writer.act(caller, via, "correct_category", decide)

    def undo_action(self, caller: Caller, via: Via, action_id: UUID, *, skip: bool) -> Written:
        """Raises NotFound, and ChangedSince unless what has changed since is skipped."""

        def decide(writing: Writing) -> BaseModel:
            writing.most_bytes = MOST_UNDO_BYTES
            return Undo(writing, writing.entries_of(action_id), skip=skip).run(action_id)

        return self._writer.act(caller, via, "undo_action", decide)


def _change(writing: Writing, batch: Batch) -> BatchDone:
    desk, book = Desk(writing), writing.book
    desk.load_categories(sent.category for sent in batch.create)
    new = [desk.record(sent, f"/create/{index}") for index, sent in enumerate(batch.create)]
    updated = [done for start in range(0, len(batch.update), AT_ONCE) for done in _update(desk, book, batch, start)]
    for start in range(0, len(batch.delete), AT_ONCE):
        _note_deleted(writing, batch.delete, start)
    desk.add_categories()
    book.add_expenses(new)
    book.put_expenses(updated)
    book.delete_expenses(batch.delete)
    created, changed = ([desk.shown(*item) for item in items] for items in (new, updated))
    return BatchDone(created=created, updated=changed, deleted=batch.delete)


def _update(desk: Desk, book: Book, batch: Batch, start: int) -> Iterator[tuple[UUID, ExpenseImage]]:
    """The images of some updates. They are read a few at a time: a batch that becomes too large ends at once."""
    some = batch.update[start : start + AT_ONCE]
    known = book.expenses([sent.id for sent in some])
    desk.load_categories((sent.category for sent in some if sent.category), (one.category for one in known.values()))
    for index, sent in enumerate(some, start):
        before = known.get(sent.id)
        if before is None:
            raise Invalid.field(f"/update/{index}/id", "there is no expense with that id")
        yield sent.id, desk.correct(sent.id, before, sent, f"/update/{index}")


def _note_deleted(writing: Writing, ids: list[UUID], start: int) -> None:
    some = ids[start : start + AT_ONCE]
    known = writing.book.expenses(some)
    for index, id_ in enumerate(some, start):
        if id_ not in known:
            raise Invalid.field(f"/delete/{index}", "there is no expense with that id")
        writing.note(EXPENSE, id_, known[id_], None)
