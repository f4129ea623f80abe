"""Tables of an export as CSV."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from contracts.ids import LedgerId
from services.expenses.ledger.entities import EntityRepository, ExportTable
from services.expenses.ledger.zip_archive import escape_csv_formula


def image_table(name: str, repository: type[EntityRepository[Any, Any]]) -> ExportTable:
    """Returns the table of a kind of entity with a column for each field of its image. Fields are no lists."""
    fields = tuple(repository.image.model_fields)

    def rows(session: Session, ledger: LedgerId) -> Iterator[Sequence[object]]:
        for row in repository(session, ledger).rows():
            values = (getattr(row, field) for field in fields)
            yield row.id, *(escape_csv_formula(value) if isinstance(value, str) else value for value in values)

    return ExportTable(name, ("id", *fields), rows)
