"""What can be done with the book: every use case, a method each."""

from uuid import UUID

from pydantic import BaseModel

from chassis.errors import Conflict, Invalid, NotFound
from contracts.book import CATEGORY, EXPENSE
from contracts.identity import Caller
from contracts.journal import Via
from contracts.text import fold
from services.expenses.deciding import Desk
from services.expenses.schemas import Batch, BatchDone, Category, CategoryPatch, ExpenseIn, ExpensePatch
from services.expenses.undoing import Undo
from services.expenses.writing import Idempotency, Writer, Writing, Written, check_match


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
            writing.book.put_expense(id_, after)
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

        return self._writer.act(caller, via, "change_expenses", decide, Idempotency.of(key, batch))

    def correct_category(
        self, caller: Caller, via: Via, id_: UUID, sent: CategoryPatch, if_match: str | None
    ) -> Written:
        """Renames or recolours: one pair, however many expenses. Raises NotFound, ChangedMeanwhile, Conflict."""

        def decide(writing: Writing) -> BaseModel:
            categories = writing.book.categories()
            before = categories.get(id_)
            if before is None:
                raise NotFound
            check_match(if_match, Category.of(id_, before))
            after = before.model_copy(update={name: getattr(sent, name) for name in sent.model_fields_set})
            others = {fold(image.name) for other, image in categories.items() if other != id_}
            if fold(after.name) in others - {fold(before.name)}:
                msg = "There is a category of that name already."
                raise Conflict(msg)
            writing.book.put_category(id_, after)
            writing.note(CATEGORY, id_, before, after)
            return Category.of(id_, after)

        return self._writer.act(caller, via, "correct_category", decide)

    def undo_action(self, caller: Caller, via: Via, action_id: UUID, *, skip: bool) -> Written:
        """Raises NotFound, and ChangedSince unless what has changed since is skipped."""

        def decide(writing: Writing) -> BaseModel:
            return Undo(writing, writing.entries_of(action_id), skip=skip).run(action_id)

        return self._writer.act(caller, via, "undo_action", decide)


def _change(writing: Writing, batch: Batch) -> BatchDone:
    desk, book = Desk(writing), writing.book
    known = book.expenses([item.id for item in batch.update] + batch.delete)
    new = [desk.record(sent, f"/create/{index}") for index, sent in enumerate(batch.create)]
    updated = []
    for index, sent in enumerate(batch.update):
        before = known.get(sent.id)
        if before is None:
            raise Invalid.field(f"/update/{index}/id", "there is no expense with that id")
        after = desk.correct(sent.id, before, sent, f"/update/{index}")
        book.put_expense(sent.id, after)
        updated.append(desk.shown(sent.id, after))
    for index, id_ in enumerate(batch.delete):
        if id_ not in known:
            raise Invalid.field(f"/delete/{index}", "there is no expense with that id")
        writing.note(EXPENSE, id_, known[id_], None)
    book.add_expenses(new)
    book.delete_expenses(batch.delete)
    return BatchDone(created=[desk.shown(*item) for item in new], updated=updated, deleted=batch.delete)
