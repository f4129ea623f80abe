"""Turns requests for expenses into images, checked against the ledger."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.errors import Invalid
from chassis.journal.journal import new_entry_id
from contracts import money
from contracts.book import CATEGORY, EXPENSE, CategoryImage, ExpenseImage
from contracts.text import fold
from services.expenses.categories.lookup import CategoryLookup, category_id
from services.expenses.errors import LimitReached
from services.expenses.ledger.unit_of_work import UnitOfWork
from services.expenses.schemas import Expense, ExpenseIn, ExpensePatch


class ExpenseEditor:
    """Creates and changes expenses within one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._categories = CategoryLookup(uow.repository)
        self._new: list[tuple[UUID, CategoryImage]] = []
        self._free_categories: int | None = None

    def load_categories(self, texts: Iterable[str], ids: Iterable[UUID] = ()) -> None:
        """Loads at once the categories that many changes refer to."""
        self._categories.load(texts, ids)

    def record(self, request: ExpenseIn, at: str = "") -> tuple[UUID, ExpenseImage]:
        """Returns the id and image of a new expense. `at` is the request's JSON pointer. Raises Invalid."""
        currency = request.currency or self._uow.settings.currency
        image = ExpenseImage(
            amount=request.amount,
            minor=_minor(request.amount, currency, at),
            currency=currency,
            category=self.category(request.category, at),
            merchant=request.merchant,
            note=request.note,
            spent_on=request.spent_on or datetime.now(ZoneInfo(self._uow.settings.time_zone)).date(),
            tags=_distinct(request.tags),
        )
        id_ = new_entry_id()
        self._uow.add_change(EXPENSE, id_, None, image)
        return id_, image

    def correct(self, id_: UUID, before: ExpenseImage, patch: ExpensePatch, at: str = "") -> ExpenseImage:
        """Returns the image after a merge patch. Raises Invalid."""
        given = patch.model_fields_set - {"id"}
        values = {name: getattr(patch, name) for name in given & {"amount", "currency", "merchant", "note", "spent_on"}}
        if "category" in given:
            values["category"] = self.category(patch.category, at)
        if "tags" in given:
            values["tags"] = _distinct(patch.tags or ())
        after = before.model_copy(update=values)
        if {"amount", "currency"} & given:
            after = after.model_copy(update={"minor": _minor(after.amount, after.currency, at)})
        self._uow.add_change(EXPENSE, id_, before, after)
        return after

    def category(self, text: str, at: str) -> UUID:
        """Returns the id for a category's id or name; an unknown name creates a category, in the same entry."""
        if id_ := category_id(text):
            if self._categories.by_id(id_) is None:
                raise Invalid.field(f"{at}/category", "there is no category with that id")
            return id_
        return self._categories.by_name(text) or self._new_category(text, at)

    def _new_category(self, name: str, at: str) -> UUID:
        most = self._uow.limits.max_categories
        if self._free_categories is None:
            self._free_categories = most - self._uow.repository.count_categories()
        if self._free_categories <= 0:
            detail = f"this ledger has {most:,} categories, and there can be no more; please use one of them"
            raise LimitReached(f"{at}/category", detail)
        self._free_categories -= 1
        id_, image = new_entry_id(), CategoryImage(name=name)
        self._uow.add_change(CATEGORY, id_, None, image)
        self._new.append((id_, image))
        self._categories.add(id_, image)
        return id_

    def add_categories(self) -> None:
        """Inserts the categories that the changes have created."""
        self._uow.repository.add_categories(self._new)

    def to_expense(self, id_: UUID, image: ExpenseImage) -> Expense:
        """Returns the expense for clients."""
        category = self._categories.by_id(image.category)
        if category is None:
            msg = f"expense {id_} has a category that is not there"
            raise LookupError(msg)
        return to_expense(id_, image, category)


def to_expense(id_: UUID, image: ExpenseImage, category: CategoryImage) -> Expense:
    """Returns the expense for clients, its category by name and by id."""
    return Expense(
        id=id_,
        amount=image.amount,
        currency=image.currency,
        category=category.name,
        category_id=image.category,
        merchant=image.merchant,
        note=image.note,
        spent_on=image.spent_on,
        tags=list(image.tags),
    )


def _distinct(tags: Iterable[str]) -> tuple[str, ...]:
    """Returns each tag once, in its first spelling."""
    found: dict[str, str] = {}
    for tag in tags:
        found.setdefault(fold(tag), tag)
    return tuple(found.values())


def _minor(amount: str, currency: str, at: str) -> int:
    if money.decimals(currency) is None:
        raise Invalid.field(f"{at}/currency", f"{currency} is not a currency that Outlay knows")
    try:
        return money.to_minor(amount, currency)
    except ValueError as error:
        raise Invalid.field(f"{at}/amount", str(error)) from error
