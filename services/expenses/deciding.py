"""What a change to the book means: from what a client sent to images, checked against the ledger."""

import re
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.errors import Invalid
from chassis.journal import new_entry_id
from contracts import money
from contracts.book import CATEGORY, EXPENSE, CategoryImage, ExpenseImage
from contracts.text import fold
from services.expenses.schemas import Expense, ExpenseIn, ExpensePatch
from services.expenses.writing import Writing

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Desk:
    """Decides changes of expenses within one writing; loads the categories once."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._categories = writing.book.categories()
        self._by_name: dict[str, list[UUID]] = {}
        for id_, image in self._categories.items():
            self._by_name.setdefault(fold(image.name), []).append(id_)

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
        if _ID.fullmatch(text):
            if UUID(text) not in self._categories:
                raise Invalid.field(f"{at}/category", "there is no category with that id")
            return UUID(text)
        named = self._by_name.get(fold(text), [])
        exact = (id_ for id_ in named if self._categories[id_].name == text)
        return next(exact, named[0] if named else None) or self._new_category(text)

    def _new_category(self, name: str) -> UUID:
        id_, image = new_entry_id(), CategoryImage(name=name)
        self._writing.book.add_category(id_, image)
        self._writing.note(CATEGORY, id_, None, image)
        self._categories[id_] = image
        self._by_name[fold(name)] = [id_]
        return id_

    def shown(self, id_: UUID, image: ExpenseImage) -> Expense:
        """The expense as clients see it."""
        return shown(id_, image, self._categories)


def shown(id_: UUID, image: ExpenseImage, categories: dict[UUID, CategoryImage]) -> Expense:
    """The expense as clients see it, its category by name and by id."""
    return Expense(
        id=id_,
        amount=image.amount,
        currency=image.currency,
        category=categories[image.category].name,
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
