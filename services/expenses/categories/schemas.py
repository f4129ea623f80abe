"""Requests and responses of categories."""

import base64
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, Field

from chassis.http.authorization import LedgerQuery
from contracts.book import CategoryImage
from contracts.ids import CategoryId
from services.expenses.ledger.requests import RequestSchema
from services.expenses.text import CategoryName, PlainText

MAX_PER_PAGE = 2_000
"""Categories of one page: as many as a ledger may have by default."""


class CategoryPatch(RequestSchema):
    """A merge patch of a category."""

    name: CategoryName = ""
    colour: Annotated[PlainText, Field(max_length=20)] | None = None
    icon: Annotated[PlainText, Field(max_length=40)] | None = None


class Category(BaseModel):
    """A category as it stands."""

    id: CategoryId
    name: str
    parent_id: CategoryId | None
    colour: str | None
    icon: str | None

    @classmethod
    def of(cls, id_: CategoryId, image: CategoryImage) -> Self:
        """The category of an image."""
        return cls(id=id_, parent_id=image.parent, **image.model_dump(exclude={"parent"}))


class CategoryPage(BaseModel):
    """Categories, by name."""

    items: list[Category]
    next_cursor: str | None = None


class CategoryCursor(BaseModel):
    """The position after the last category of a page: its folded name."""

    name_key: str

    def encode(self) -> str:
        """Opaque to clients."""
        return base64.urlsafe_b64encode(self.name_key.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Self:
        """Decodes the output of `encode`. Raises ValueError on anything else."""
        return cls(name_key=base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode())


def _cursor(value: Any) -> Any:  # noqa: ANN401 - any text that a client sends
    return CategoryCursor.decode(value) if isinstance(value, str) else value


class CategoryQuery(LedgerQuery):
    """A page of categories; usually one page holds all of them."""

    cursor: Annotated[CategoryCursor | None, BeforeValidator(_cursor, json_schema_input_type=str | None)] = None
    limit: int = Field(default=MAX_PER_PAGE, ge=1, le=MAX_PER_PAGE)
