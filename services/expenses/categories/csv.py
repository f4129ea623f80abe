"""The table of categories in an export."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from contracts.ids import LedgerId
from services.expenses.categories.repository import CategoryRepository
from services.expenses.ledger.entities import ExportTable
from services.expenses.ledger.zip_archive import escape_csv_formula


def _rows(session: Session, ledger: LedgerId) -> Iterator[Sequence[object]]:
    for id_, image in CategoryRepository(session, ledger).every().items():
        texts = (escape_csv_formula(text) for text in (image.colour, image.icon))
        yield id_, escape_csv_formula(image.name), image.parent or "", *texts


CATEGORIES_CSV = ExportTable("categories.csv", ("id", "name", "parent_id", "colour", "icon"), _rows)
