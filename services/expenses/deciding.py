"""What a change to the book means: from what a client sent to images, checked against the ledger."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.errors import Invalid
from chassis.journal.journal import new_entry_id
from contracts import money
from contracts.book import CATEGORY, EXPENSE, CategoryImage, ExpenseImage
from contracts.text import fold
from services.expenses.categories.known_categories import KnownCategories, category_id
from services.expenses.errors import LimitReached
from services.expenses.ledger.unit_of_work import Writing
from services.expenses.schemas import Expense, ExpenseIn, ExpensePatch


class Desk:
    """Decides changes of expenses within one writing."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._categories = KnownCategories(writing.book)
        self._new: list[tuple[UUID, CategoryImage]] = []
        self._room: int | None = None

    def load_categories(self, texts: Iterable[str], ids: Iterable[UUID] = ()) -> None:
        """Looks up at once what many changes name, and what they change."""
        self._categories.load(texts, ids)

    def record(self, sent: ExpenseIn, at: str = "") -> tuple[UUID, ExpenseImage]:
        """The image of a new expense. `at` is the JSON pointer of what was sent. Raises Invalid."""
        currency = sent.currency or self._writing.settings.currency
        image = ExpenseImage(
            amount=sent.amount,
            minor=_minor(sent.amount, currency, at),
            currency=currency,
            category=self.category(sent.category, at),
            merchant=sent.merchant,
            note=sent.note,
            spent_on=sent.spent_on or datetime.now(ZoneInfo(self._writing.settings.time_zone)).date(),
            tags=_distinct(sent.tags),
        )
        id_ = new_entry_id()
        self._writing.note(EXPENSE, id_, None, image)
        return id_, image

    def correct(self, id_: UUID, before: ExpenseImage, sent: ExpensePatch, at: str = "") -> ExpenseImage:
        """The image after a merge patch. Raises Invalid."""
        given = sent.model_fields_set - {"id"}
        values = {name: getattr(sent, name) for name in given & {"amount", "currency", "merchant", "note", "spent_on"}}
        if "category" in given:
            values["category"] = self.category(sent.category, at)
        if "tags" in given:
            values["tags"] = _distinct(sent.tags or ())
        after = before.model_copy(update=values)
        if {"amount", "currency"} & given:
            after = after.model_copy(update={"minor": _minor(after.amount, after.currency, at)})
        self._writing.note(EXPENSE, id_, before, after)
        return after

    def category(self, text: str, at: str) -> UUID:
        """The category meant by an id or a name; an unknown name makes one, in the same entry."""
        if id_ := category_id(text):
            if self._categories.by_id(id_) is None:
                raise Invalid.field(f"{at}/category", "there is no category with that id")
            return id_
        return self._categories.by_name(text) or self._new_category(text, at)

    def _new_category(self, name: str, at: str) -> UUID:
        most = self._writing.limits.max_categories
        if self._room is None:
            self._room = most - self._writing.book.count_categories()
        if self._room <= 0:
            detail = f"this ledger has {most:,} categories, and there can be no more; please use one of them"
            raise LimitReached(f"{at}/category", detail)
        self._room -= 1
        id_, image = new_entry_id(), CategoryImage(name=name)
        self._writing.note(CATEGORY, id_, None, image)
        self._new.append((id_, image))
        self._categories.add(id_, image)
        return id_

    def add_categories(self) -> None:
        """Inserts the categories that the changes have made."""
        self._writing.book.add_categories(self._new)

    def shown(self, id_: UUID, image: ExpenseImage) -> Expense:
        """The expense as clients see it."""
        category = self._categories.by_id(image.category)
        if category is None:
            msg = f"expense {id_} has a category that is not there"
            raise LookupError(msg)
        return shown(id_, image, category)


def shown(id_: UUID, image: ExpenseImage, category: CategoryImage) -> Expense:
    """The expense as clients see it, its category by name and by id."""
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
    """Each tag once, in the first spelling."""
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
