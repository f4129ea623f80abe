"""Large ledgers, and the contents of their exports."""

import datetime as dt
import io
import zipfile
from uuid import UUID, uuid4

import sqlalchemy as sa

from chassis.database.engine import Database, table_of
from chassis.journal.action import Action
from contracts.ids import LedgerId
from contracts.journal import MAX_PAIRS, Change, Via
from services.expenses.categories.tables import CategoryRow
from services.expenses.entities import ENTITIES
from services.expenses.ledger.export import LedgerExporter
from services.expenses.payments.tables import ExpenseRow
from tests.support.book import Book


def files(body: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def exporting(database: Database) -> LedgerExporter:
    book = Book(database)
    return LedgerExporter(database, book.journal, ENTITIES, lambda _: None)


def fill(database: Database, count: int) -> UUID:
    """A ledger of so many expenses, written as imports write them: 500 pairs an entry."""
    ledger, category, book = LedgerId(uuid4()), uuid4(), Book(database)
    book.write_entries(ledger, 0)
    plain = {"ledger": ledger, "amount": "12.50", "minor": 1250, "currency": "EUR", "category": category}
    plain |= {"merchant": "Shop", "note": "n" * 40, "spent_on": dt.date(2026, 1, 1), "tags": []}
    image = {name: str(value) for name, value in plain.items()}
    pairs = [Change(kind="expense", id=uuid4(), before=None, after=image) for _ in range(MAX_PAIRS)]
    with database.write() as session:
        named = {"ledger": ledger, "id": category, "name": "Food", "name_key": "food"}
        session.execute(sa.insert(table_of(CategoryRow)).values(named))
        for _ in range(count // MAX_PAIRS):
            rest = {"tags_key": "", "search_text": ""}
            made = [plain | rest | {"id": uuid4()} for _ in range(MAX_PAIRS)]
            session.execute(sa.insert(table_of(ExpenseRow)), made)
            row = book.journal.take_revision(session, ledger)
            assert row is not None
            book.journal.append(session, row, Action.new("import", None, Via.IMPORT), pairs)
    return ledger
