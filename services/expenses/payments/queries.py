"""Query parameters of expenses: filters and pages."""

import base64
import datetime as dt
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from chassis.http.authorization import LedgerQuery
from contracts.book import CurrencyCode
from contracts.days import Day
from contracts.ids import ExpenseId
from services.expenses.text import PlainText

MAX_IDS = 100
"""Ids in one request at most: every server must accept the URL."""


class Cursor(BaseModel):
    """The position after the last expense of a page."""

    spent_on: dt.date
    id: ExpenseId

    def encode(self) -> str:
        """Opaque to clients."""
        return base64.urlsafe_b64encode(f"{self.spent_on} {self.id}".encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Self:
        """Decodes the output of `encode`. Raises ValueError on anything else."""
        day, _, expense = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(" ")
        return cls(spent_on=dt.date.fromisoformat(day), id=ExpenseId(UUID(expense)))


def _cursor(value: Any) -> Any:  # noqa: ANN401 - any text that a client sends
    try:
        return Cursor.decode(value) if isinstance(value, str) else value
    except ValueError as error:
        msg = "this is no cursor of ours"
        raise ValueError(msg) from error


class ExpenseIds(BaseModel):
    """A list of expense ids."""

    ids: frozenset[ExpenseId]

    @classmethod
    def decode(cls, text: str) -> Self:
        """Decodes up to MAX_IDS ids separated by commas. Raises ValueError on anything else."""
        ids = text.split(",")
        if len(ids) > MAX_IDS:
            msg = f"{MAX_IDS} ids at most"
            raise ValueError(msg)
        return cls(ids=frozenset(ExpenseId(UUID(id_)) for id_ in ids))


def _expense_ids(value: Any) -> Any:  # noqa: ANN401 - as above
    return ExpenseIds.decode(value) if isinstance(value, str) else value


class ListQuery(LedgerQuery):
    """Filters of expenses; all given ones must match."""

    q: PlainText | None = Field(
        default=None, max_length=200, description="In merchant, note or tags; accents are ignored."
    )
    since: Day | None = Field(default=None, alias="from")
    until: Day | None = Field(default=None, alias="to")
    category: PlainText | None = Field(default=None, max_length=100, description="A name or an id.")
    merchant: PlainText | None = Field(default=None, max_length=200)
    currency: CurrencyCode | None = Field(default=None, description="Only payments in this currency.")
    tag: PlainText | None = Field(default=None, max_length=40)
    weekday: int | None = Field(default=None, ge=1, le=7, description="1 is Monday.")
    ids: Annotated[ExpenseIds | None, BeforeValidator(_expense_ids, json_schema_input_type=str | None)] = Field(
        default=None, description=f"Only these: ids with commas between, {MAX_IDS} at most."
    )
    cursor: Annotated[Cursor | None, BeforeValidator(_cursor, json_schema_input_type=str | None)] = None
    limit: int = Field(default=50, ge=1, le=500)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.since and self.until and self.since > self.until:
            msg = "from must not be later than to"
            raise ValueError(msg)
        return self
