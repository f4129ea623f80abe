"""Measures how quickly totals are rebuilt from the journal, and how quickly entries are applied."""

import secrets
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from uuid import UUID

from bench.bulk_ledgers import CATEGORIES, BulkExpense, BulkLedger, category
from bench.databases import NewDatabase
from bench.figures import Figures
from bench.programs import service
from chassis.database.engine import Database
from chassis.database.migrations import upgrade
from chassis.journal.action import Action
from chassis.journal.journal import Journal
from chassis.process import collector
from contracts.book import CATEGORY, EXPENSE, LEDGER, CategoryImage, ExpenseImage, LedgerImage
from contracts.ids import ExpenseId, LedgerId
from contracts.journal import MAX_PAIRS, Change, Via
from contracts.money import Money
from services.expenses.ledger.tables import EntryRow, LedgerRow
from services.expenses.migrations import FOLDER as BOOK
from services.expenses.payments.repository import ExpenseRepository
from services.insights.components import InsightsComponents, build
from services.insights.migrations import FOLDER as TOTALS
from services.insights.projections import repository as totals_repository
from services.insights.projections.checkpoints import CHECKPOINTS
from services.insights.settings import Settings

TOGETHER = BulkLedger(LedgerId(UUID(int=1)), 100_000, days=3_650)
SINGLY = BulkLedger(LedgerId(UUID(int=2)), 30_000, days=3_650)
AT_ONCE = 2_000
"""Expenses written in one transaction."""
PATIENCE = 600.0
JOURNAL = Journal(LedgerRow, EntryRow)
ACTION = Action.new("bench", None, Via.SYSTEM)


def measure(fresh: NewDatabase, _: Path) -> Figures:
    """The reader in this process, the book's service in another, each with a database of its own."""
    collector.tune()
    book_url, totals_url = fresh(), fresh()
    keys = {"insights>expenses": secrets.token_hex(32), "expenses>auth": secrets.token_hex(32)}
    book, totals = Database(book_url, durable=False), Database(totals_url, durable=False)
    upgrade(book, BOOK)
    upgrade(totals, TOTALS)
    with service("expenses", book_url, keys) as expenses:
        told = {"redis_url": "redis://127.0.0.1:1/0", "service_keys": keys, "expenses_url": expenses.url}
        parts = build(Settings.model_validate({**told, "database_url": totals_url}), totals)
        singly = _taken_in(book, totals, parts, SINGLY, 1)
        together = _taken_in(book, totals, parts, TOGETHER, MAX_PAIRS)
        rebuilt = _seconds(lambda: parts.rebuild.run(TOGETHER.ledger))
        _check(totals, TOGETHER, 1 + TOGETHER.count // MAX_PAIRS)
    book.close()
    totals.close()
    return {"rebuilt": rebuilt, "entries": SINGLY.count / singly, "expenses": TOGETHER.count / together}


def _taken_in(book: Database, totals: Database, parts: InsightsComponents, many: BulkLedger, per_entry: int) -> float:
    """Seconds."""
    _fill(book, many, per_entry)
    head = 1 + many.count // per_entry
    taken = _seconds(lambda: parts.reader.catch_up(many.ledger, head, by="bench", timeout=PATIENCE))
    _check(totals, many, head)
    return taken


def _seconds(step: Callable[[], object]) -> float:
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def _check(totals: Database, many: BulkLedger, head: int) -> None:
    """All the ways in which totals are kept come to what was written."""
    right = sum(one.minor for one in many.all()), many.count
    with totals.snapshot() as session:
        standing = CHECKPOINTS.position(session, many.ledger)
        assert standing is not None, "the ledger was never seen"
        assert standing.checkpoint.revision == head, f"it stands at {standing.checkpoint.revision}, not at {head}"
        for sums in totals_repository.whole(session, standing.build):
            stored = sum(sum_.total for sum_ in sums.values()), sum(sum_.count for sum_ in sums.values())
            assert stored == right, f"{stored} is not {right}"


def _fill(book: Database, many: BulkLedger, per_entry: int) -> None:
    """Through the service's own tables and journal, so many expenses to an entry."""
    _open(book, many.ledger)
    left = ((ExpenseId(UUID(one.id)), _image(one)) for one in many.all())
    while chunk := list(islice(left, AT_ONCE)):
        with book.write() as session:
            ExpenseRepository(session, many.ledger).insert(chunk)
            for pairs in _entries(chunk, per_entry):
                row = JOURNAL.take_revision(session, many.ledger)
                assert row is not None, "the ledger is open"
                JOURNAL.append(session, row, ACTION, pairs)


def _open(book: Database, ledger: LedgerId) -> None:
    settings = LedgerImage(currency="EUR", time_zone="UTC", locale="en").model_dump()
    pairs = [Change(kind=LEDGER, id=ledger, before=None, after=settings)]
    for number in range(CATEGORIES):
        named = CategoryImage(name=f"Category {number}").model_dump()
        pairs.append(Change(kind=CATEGORY, id=category(number), before=None, after=named))
    with book.write() as session:
        JOURNAL.open(session, ledger, ACTION, pairs, **settings)


def _entries(chunk: list[tuple[ExpenseId, ExpenseImage]], per_entry: int) -> Iterator[list[Change]]:
    for start in range(0, len(chunk), per_entry):
        yield [
            Change(kind=EXPENSE, id=id_, before=None, after=image.model_dump(mode="json"))
            for id_, image in chunk[start : start + per_entry]
        ]


def _image(one: BulkExpense) -> ExpenseImage:
    return ExpenseImage(
        amount=Money(one.minor, "EUR").amount,
        minor=one.minor,
        currency="EUR",
        category=one.category,
        merchant=one.merchant,
        note=one.note,
        spent_on=one.day,
        tags=one.tags,
    )
