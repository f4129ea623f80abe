"""Turns requests for expenses into images, checked against the ledger."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from chassis.errors import Invalid
from chassis.journal.journal import new_entry_id
from contracts import money
from contracts.book import EXPENSE, ExpenseImage
from contracts.ids import ExpenseId
from contracts.money import Money
from contracts.text import fold
from services.expenses.categories.resolver import CategoryResolver
from services.expenses.ledger.unit_of_work import UnitOfWork
from services.expenses.payments.schemas import Expense, ExpenseIn, ExpensePatch


class ExpenseEditor:
    """Creates and changes expenses within one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self.categories = CategoryResolver(uow)

    def record(self, body: ExpenseIn, at: str = "") -> tuple[ExpenseId, ExpenseImage]:
        """Returns the id and image of a new expense. `at` is the request's JSON pointer. Raises Invalid."""
        currency = body.currency or self._uow.settings.currency
        image = ExpenseImage(
            amount=body.amount,
            minor=_minor(body.amount, currency, at),
            currency=currency,
            category=self.categories.resolve(body.category, at),
            merchant=body.merchant,
            note=body.note,
            spent_on=body.spent_on or datetime.now(ZoneInfo(self._uow.settings.time_zone)).date(),
            tags=_distinct(body.tags),
        )
        id_ = ExpenseId(new_entry_id())
        self._uow.save(EXPENSE, id_, None, image)
        return id_, image

    def correct(self, id_: ExpenseId, before: ExpenseImage, patch: ExpensePatch, at: str = "") -> ExpenseImage:
        """Returns the image after a merge patch. Raises Invalid."""
        given = patch.model_fields_set - {"id"}
        values = {name: getattr(patch, name) for name in given & {"amount", "currency", "merchant", "note", "spent_on"}}
        if "category" in given:
            values["category"] = self.categories.resolve(patch.category, at)
        if "tags" in given:
            values["tags"] = _distinct(patch.tags or ())
        after = before.model_copy(update=values)
        if {"amount", "currency"} & given:
            after = after.model_copy(update={"minor": _minor(after.amount, after.currency, at)})
        self._uow.save(EXPENSE, id_, before, after)
        return after

    def to_expense(self, id_: ExpenseId, image: ExpenseImage) -> Expense:
        """Returns the expense for clients."""
        return Expense.of(id_, image, self.categories.image(image.category))


def _distinct(tags: Iterable[str]) -> tuple[str, ...]:
    """Returns each tag once, in its first spelling."""
    distinct: dict[str, str] = {}
    for tag in tags:
        distinct.setdefault(fold(tag), tag)
    return tuple(distinct.values())


def _minor(amount: str, currency: str, at: str) -> int:
    if money.decimals(currency) is None:
        raise Invalid.field(f"{at}/currency", f"{currency} is not a currency that Outlay knows")
    try:
        return Money.read(amount, currency).minor
    except ValueError as error:
        raise Invalid.field(f"{at}/amount", str(error)) from error
