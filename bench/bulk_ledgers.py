"""Ledgers with many expenses, inserted directly into the tables.

Row by row it is what the services would have written themselves; only the journal has no entries of it, which nothing
that is measured on these ledgers reads. To record a million expenses one by one would take most of an hour.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from chassis.database.engine import Database
from contracts.ids import CategoryId, LedgerId
from contracts.text import fold, fold_for_search

CATEGORIES, MERCHANTS = 30, 400
LAST = date(2025, 12, 31)
AT_ONCE = 50_000
CACHE = 512 * 1024
"""KiB of cache that SQLite may use while it fills a table, since its indexes are updated everywhere."""
COMMON, RARE = 100, 100_000
"""One expense in so many has the tag, or the word, that is called so."""
_WORDS = ("bread", "coffee", "train", "book", "garden", "school", "winter", "repair", "ticket", "lunch", "market")

EXPENSES = (
    *("ledger", "id", "amount", "minor", "currency", "category", "merchant"),
    *("merchant_key", "note", "spent_on", "tags", "tags_key", "search_text"),
)
GENERATION = 1
"""Generation of the projection build with all payments."""
PAYMENTS = ("ledger", "generation", "id", "day", "minor", "currency", "category", "merchant")

Rows = Iterable[Sequence[str | int | None]]


class BulkExpense(NamedTuple):
    """An expense, with its id in a form that both databases accept."""

    id: str
    day: date
    minor: int
    category: CategoryId
    merchant: str
    note: str | None
    tags: tuple[str, ...]


@dataclass(frozen=True)
class BulkLedger:
    """A number of expenses, spread evenly over a number of days."""

    ledger: LedgerId
    count: int
    days: int

    def all(self) -> Iterator[BulkExpense]:
        """Yields the expenses by time. Everything is derived from their number."""
        first = LAST - timedelta(days=self.days - 1)
        for number in range(self.count):
            yield BulkExpense(
                f"{number + 1:032x}",
                first + timedelta(days=number * self.days // self.count),
                100 + number * 7 % 9_000,
                category(_skewed(number)),
                f"Merchant {number * 13 % MERCHANTS}",
                _note(number),
                tuple(name for name, each in (("Common", COMMON), ("Rare", RARE)) if number % each == each // 2),
            )

    def expenses(self) -> Rows:
        """Returns the values of the columns in EXPENSES."""
        for one in self.all():
            amount = f"{one.minor // 100}.{one.minor % 100:02}"
            keys = "".join(f"\n{fold(tag)}" for tag in one.tags) + "\n"
            text = fold_for_search("\n".join([one.merchant, one.note or "", *one.tags]))
            yield (
                *(self.ledger.hex, one.id, amount, one.minor, "EUR", one.category.hex, one.merchant),
                *(fold(one.merchant), one.note, one.day.isoformat(), json.dumps(one.tags), keys, text),
            )

    def payments(self) -> Rows:
        """Returns the values of the columns in PAYMENTS."""
        for one in self.all():
            day, category = one.day.isoformat(), one.category.hex
            yield self.ledger.hex, GENERATION, one.id, day, one.minor, "EUR", category, one.merchant


def category(number: int) -> CategoryId:
    """Returns the id of a category."""
    return CategoryId(UUID(int=number + 1))


def _skewed(number: int) -> int:
    """As in life: of thirty categories the first has almost a fifth of all expenses, the last one in sixty."""
    return (number * 7919 % 1000) ** 2 * CATEGORIES // 10**6


def _note(number: int) -> str | None:
    """One in five has a few words; some have one that can be searched for."""
    if number % COMMON == 1:
        return f"A frequent word, {number}"
    if number % RARE == RARE // 4:
        return f"A seldom word, {number}"
    if number % 5:
        return None
    return " ".join(_WORDS[number // step % len(_WORDS)] for step in (5, 55, 605)) + f" {number % 9973}"


def fill(database: Database, table: str, columns: Sequence[str], rows: Rows) -> None:
    """By the quickest way that the database has."""
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    left = iter(rows)
    while chunk := list(islice(left, AT_ONCE)):
        with database.write() as session:
            driver: Any = session.connection().connection.driver_connection
            if database.is_sqlite:
                driver.execute(f"PRAGMA cache_size = -{CACHE}")
                driver.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", chunk)  # noqa: S608 - our names
                continue
            text = io.StringIO()
            csv.writer(text).writerows(chunk)
            text.seek(0)
            with driver.cursor() as cursor:
                cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)", text)


def analyze(database: Database) -> None:
    """What PostgreSQL does by itself some minutes later."""
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))
