"""Lists, filters and text search where one ledger has a million expenses."""

import secrets
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from bench.bulk_ledgers import CATEGORIES, EXPENSES, RARE, BulkLedger, analyze, category, fill
from bench.databases import NewDatabase
from bench.figures import Figures, milliseconds
from bench.programs import service
from bench.user import expect
from chassis.database import migrations
from chassis.database.engine import Database
from chassis.journal.action import Action
from chassis.journal.journal import Journal
from contracts.book import LEDGER, CategoryImage
from contracts.ids import ExpenseId, LedgerId, UserId
from contracts.journal import Change, Via
from services.expenses.categories.repository import CategoryRepository
from services.expenses.ledger.tables import EntryRow, LedgerRow
from services.expenses.migrations import FOLDER
from services.expenses.payments.queries import Cursor
from tests.support.client import Client
from tests.support.issuer import Issuer
from tests.support.serving import serving

MILLION = BulkLedger(LedgerId(UUID(int=1)), 1_000_000, days=3_650)
PAGE = 50
TURNS = 100
LONGEST = 5.0
"""Seconds for one kind of question; what is slow is asked less often."""
JWKS = "/.well-known/jwks.json"

ASKED: Mapping[str, Mapping[str, str]] = {
    "newest": {},
    "older": {"cursor": Cursor(spent_on=date(2020, 12, 31), id=ExpenseId(UUID(int=500_000))).encode()},
    "period": {"from": "2019-06-01", "to": "2019-06-30"},
    "category": {"category": "Category 7"},
    "merchant": {"merchant": "Merchant 7"},
    "tag": {"tag": "common"},
    "rare_tag": {"tag": "rare"},
    "word": {"q": "frequent"},
    "rare_word": {"q": "seldom"},
    "no_word": {"q": "nowhere"},
}
FOUND = {"rare_tag": MILLION.count // RARE, "rare_word": MILLION.count // RARE, "no_word": 0}
"""How many there are, where that is less than a page."""


def measure(fresh: NewDatabase, _: Path) -> Figures:
    """One connection, asking the service itself."""
    database_url, issuer = fresh(), Issuer()
    _fill(database_url)
    keys = {name: secrets.token_hex(32) for name in ("insights>expenses", "expenses>auth")}
    with serving(issuer.app()) as auth, service("expenses", database_url, keys, JWKS_URL=auth + JWKS) as expenses:
        client = Client(expenses.url, issuer.token(UserId(MILLION.ledger)))
        return {name: _p95(client, query, FOUND.get(name, PAGE)) for name, query in ASKED.items()}


def _p95(client: Client, query: Mapping[str, str], count: int) -> float:
    taken: list[float] = []
    for turn in range(TURNS):
        began = time.perf_counter()
        response = expect(client.get(f"/api/v1/expenses?{urlencode(query)}"), 200)
        taken.append(time.perf_counter() - began)
        if turn == 0:
            _check(response.json["items"], query, count)
        if sum(taken) > LONGEST:
            break  # it is far beyond the goal anyway
    return milliseconds(taken, 0.95)


def _check(items: list[dict[str, Any]], query: Mapping[str, str], count: int) -> None:
    """As many as there are, newest first, and each of them one that was asked for."""
    assert len(items) == count, f"{query}: {len(items)} items"
    days = [item["spent_on"] for item in items]
    assert days == sorted(days, reverse=True)
    for item in items:
        text = " ".join([item["merchant"], item["note"] or "", *item["tags"]]).casefold()
        assert query.get("category", item["category"]) == item["category"]
        assert query.get("merchant", item["merchant"]) == item["merchant"]
        assert query.get("from", "") <= item["spent_on"] <= query.get("to", "9999")
        assert all(query.get(name, "") in text for name in ("q", "tag")), item


def _fill(database_url: str) -> None:
    """Expenses in bulk; the ledger and its categories as the service opens them."""
    database = Database(database_url, durable=False)
    migrations.upgrade(database, FOLDER)
    settings = {"currency": "EUR", "time_zone": "UTC", "locale": "en"}
    opened = Change(kind=LEDGER, id=MILLION.ledger, before=None, after=settings)
    with database.write() as session:
        action = Action.new("open_ledger", None, Via.SYSTEM)
        Journal(LedgerRow, EntryRow).open(session, MILLION.ledger, action, [opened], **settings)
        names = [(category(number), CategoryImage(name=f"Category {number}")) for number in range(CATEGORIES)]
        CategoryRepository(session, MILLION.ledger).insert(names)
    fill(database, "expenses", EXPENSES, MILLION.expenses())
    analyze(database)
    database.close()
