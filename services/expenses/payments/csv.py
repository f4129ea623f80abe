"""The table of expenses in an export."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from contracts.ids import LedgerId
from services.expenses.categories.repository import CategoryRepository
from services.expenses.ledger.entities import ExportTable
from services.expenses.ledger.zip_archive import escape_csv_formula, tags_cell
from services.expenses.payments.repository import ExpenseRepository

_COLUMNS = ("id", "spent_on", "amount", "currency", "category", "merchant", "note", "tags", "category_id")


def _rows(session: Session, ledger: LedgerId) -> Iterator[Sequence[object]]:
    categories = CategoryRepository(session, ledger).every()
    names = {id_: escape_csv_formula(image.name) for id_, image in categories.items()}
    for row in ExpenseRepository(session, ledger).every():
        texts = (escape_csv_formula(row.merchant), escape_csv_formula(row.note), tags_cell(row.tags))
        yield row.id, row.spent_on, row.amount, row.currency, names[row.category], *texts, row.category


EXPENSES_CSV = ExportTable("expenses.csv", _COLUMNS, _rows)
