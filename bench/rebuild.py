"""How quickly totals are made anew from the journal, and how quickly entries are taken in.

`python -m bench.rebuild [DATABASE_URL_OF_THE_BOOK DATABASE_URL_OF_THE_TOTALS]`; SQLite in a temporary folder otherwise.
"""

import secrets
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from bench.service import expenses_service
from chassis import collector
from chassis.database import Database
from chassis.journal import Action, Journal
from chassis.migrations import upgrade
from contracts.book import CATEGORY, EXPENSE, LEDGER, CategoryImage, ExpenseImage, LedgerImage
from contracts.journal import Change, Via
from deploy.local.ports import free_port
from services.expenses.migrations import FOLDER as BOOK
from services.expenses.models import EntryRow, LedgerRow
from services.expenses.store import Book
from services.insights.migrations import FOLDER as TOTALS
from services.insights.reader import build
from services.insights.settings import Settings

EXPENSES = 100_000
CATEGORIES = 30
GOAL_SECONDS = 5.0
GOAL_ENTRIES = 5_000


def fill(database: Database, ledger: UUID, per_entry: int) -> int:
    """A ledger of EXPENSES expenses over ten years, so many to an entry; the journal's head."""
    journal = Journal(LedgerRow, EntryRow)
    settings = LedgerImage(currency="EUR", time_zone="UTC", locale="en")
    categories = [UUID(int=number + 1) for number in range(CATEGORIES)]
    opened = [Change(kind=LEDGER, id=ledger, before=None, after=settings.model_dump())]
    opened += [
        Change(kind=CATEGORY, id=id_, before=None, after=CategoryImage(name=f"Category {id_.int}").model_dump())
        for id_ in categories
    ]
    with database.write() as session:
        journal.open(session, ledger, Action.new("open_ledger", None, Via.SYSTEM), opened, **settings.model_dump())
    numbers = range(EXPENSES)
    for start in range(0, EXPENSES, 2_000):
        with database.write() as session:
            book = Book(session, ledger)
            chosen = numbers[start : start + 2_000]
            chunk = [(UUID(int=10**9 + number), _image(number, categories)) for number in chosen]
            book.add_expenses(chunk)
            for first in range(0, len(chunk), per_entry):
                row = journal.take_revision(session, ledger)
                assert row is not None
                pairs = [
                    Change(kind=EXPENSE, id=id_, before=None, after=image.model_dump(mode="json"))
                    for id_, image in chunk[first : first + per_entry]
                ]
                journal.append(session, row, Action.new("bench", None, Via.SYSTEM), pairs)
    return 1 + EXPENSES // per_entry


def _image(number: int, categories: list[UUID]) -> ExpenseImage:
    return ExpenseImage(
        amount=f"{number % 90 + 1}.25",
        minor=(number % 90 + 1) * 100 + 25,
        currency="EUR",
        category=categories[number % CATEGORIES],
        merchant=f"Merchant {number % 400}",
        note=None,
        spent_on=date(2016, 1, 1) + timedelta(days=number % 3650),
    )


def main(urls: list[str]) -> None:
    """Prints a line for each shape of journal."""
    collector.relax()
    folder = Path(tempfile.mkdtemp())
    book_url, totals_url = urls or [f"sqlite:///{folder / name}.sqlite" for name in ("book", "totals")]
    keys = {"insights>expenses": secrets.token_hex(32), "expenses>auth": secrets.token_hex(32)}
    book, totals = Database(book_url), Database(totals_url, durable=False)
    upgrade(book, BOOK)
    upgrade(totals, TOTALS)
    port = free_port()
    with expenses_service(book_url, keys, port) as url:
        told = {"redis_url": "redis://127.0.0.1:1/0", "service_keys": keys, "database_url": totals_url}
        parts = build(Settings.model_validate({**told, "expenses_url": url}), totals)
        for per_entry in (1, 500):
            ledger = UUID(int=per_entry)
            head = fill(book, ledger, per_entry)
            started = time.perf_counter()
            parts.reader.catch_up(ledger, head, by="bench", patience=600)
            taken = time.perf_counter() - started
            started = time.perf_counter()
            parts.rebuild.run(ledger)
            rebuilt = time.perf_counter() - started
            print(f"{EXPENSES:,} expenses, {per_entry} to an entry, {totals.url.get_backend_name()}:")
            print(f"  taken in {taken:.2f} s, {head / taken:,.0f} entries/s (goal, singly: {GOAL_ENTRIES:,})")
            print(f"  rebuilt  {rebuilt:.2f} s (goal: {GOAL_SECONDS:g})")


if __name__ == "__main__":
    main(sys.argv[1:])
