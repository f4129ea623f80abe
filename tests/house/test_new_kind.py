"""A new kind of entity is a folder and its lines in one registry: here a kind of the test's own lives a whole life."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from chassis.database import migrations
from chassis.database.engine import Database
from chassis.http.app import create_app, no_lifespan
from chassis.http.components import Components
from chassis.redis.client import connect
from chassis.security.access_tokens import AccessVerifier, KeySet
from contracts.book import CATEGORY
from contracts.erasure import ErasureOrder
from contracts.ids import LedgerId, UserId
from services.expenses.entities import ENTITIES, ROUTERS, SERVICES
from services.expenses.ledger import endpoints as ledger_endpoints
from services.expenses.ledger import export_endpoints
from services.expenses.ledger.entities import Entity, EntityRegistry
from services.expenses.ledger.export import LedgerExporter
from services.insights.components import assemble
from services.insights.migrations import FOLDER as INSIGHTS
from services.insights.projections import totals
from services.insights.projections.effects import CommitEffects
from tests.support import goals as new_kind
from tests.support.book import Book, BookClient, migrated_book
from tests.support.client import Client
from tests.support.databases import Databases
from tests.support.exports import files as files_of
from tests.support.goals import ALL, GOAL, GOALS, GoalRepository, GoalService, create_table, router
from tests.support.issuer import Issuer
from tests.support.serving import serving

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def book(database_url: str) -> Iterator[Book]:
    database = migrated_book(database_url)
    create_table(database.engine)
    yield Book(database, ALL)
    database.close()


@pytest.fixture
def ledger() -> UUID:
    return uuid4()


@pytest.fixture
def client(book: Book, ledger: LedgerId) -> Iterator[Client]:
    """The service over HTTP, put together from the registry as its own app is."""
    issuer = Issuer()
    with serving(issuer.app()) as auth:
        app = create_app(
            "expenses with goals",
            (*ROUTERS, router, ledger_endpoints.router, export_endpoints.router),
            database=book.database,
            lifespan=no_lifespan,
            components=Components(
                AccessVerifier(KeySet(f"{auth}/.well-known/jwks.json")),
                *(service(book.reader, book.writer) for service in (*SERVICES, GoalService)),
                book.ledgers,
                LedgerExporter(book.database, book.journal, ALL, lambda _: None),
            ),
        )
        with serving(app) as base:
            yield Client(base, issuer.token(UserId(ledger)))


def rows_of(book: Book, ledger: LedgerId) -> list[tuple[Any, ...]]:
    with book.database.snapshot() as session:
        return [(row.name, row.minor) for row in GoalRepository(session, ledger).rows()]


def undo(client: Client, action: str, query: str = "") -> Any:
    return client.post(f"/api/v1/journal/{action}/undo{query}", None)


def test_it_is_recorded_corrected_removed_and_each_of_it_undone(book: Book, client: Client, ledger: LedgerId) -> None:
    made = client.post("/api/v1/goals", {"name": "Bicycle", "minor": 90_000})
    assert made.status == 201, made.body
    corrected = client.call("PUT", f"/api/v1/goals/{made.json['id']}", {"name": "Bicycle", "minor": 80_000})
    assert rows_of(book, ledger) == [("Bicycle", 80_000)]
    removed = client.delete(f"/api/v1/goals/{made.json['id']}")
    assert (removed.status, rows_of(book, ledger)) == (204, [])

    assert undo(client, removed.headers["outlay-action"]).json["undone"] == 1
    assert undo(client, corrected.headers["outlay-action"]).json["undone"] == 1
    assert rows_of(book, ledger) == [("Bicycle", 90_000)]
    assert undo(client, made.headers["outlay-action"]).json["undone"] == 1
    assert rows_of(book, ledger) == []
    kinds = [pair["kind"] for entry in client.get("/api/v1/journal").json["items"][1:] for pair in entry["pairs"]]
    assert kinds == [GOAL] * 6


def test_it_is_recorded_once_for_a_key_and_is_not_there_for_others(
    book: Book, client: Client, ledger: LedgerId
) -> None:
    body = {"name": "Bicycle", "minor": 90_000}
    first, again = (client.post("/api/v1/goals", body, Idempotency_Key="one") for _ in range(2))
    assert (first.body, again.headers["idempotent-replayed"]) == (again.body, "true")
    assert rows_of(book, ledger) == [("Bicycle", 90_000)]
    assert client.delete(f"/api/v1/goals/{uuid4()}").status == 404


def test_an_undo_respects_what_it_refers_to(book: Book, client: Client, ledger: LedgerId) -> None:
    expense = client.post("/api/v1/expenses", {"amount": "5", "category": "Travel"})
    category = expense.json["category_id"]
    made = client.post("/api/v1/goals", {"name": "Rome", "minor": 50_000, "category": category})

    partly = undo(client, expense.headers["outlay-action"], "?skip=changed").json
    assert [(item["kind"], item["reason"]) for item in partly["skipped"]] == [(CATEGORY, "in_use")]

    removed = client.delete(f"/api/v1/goals/{made.json['id']}")
    other = client.post("/api/v1/expenses", {"amount": "5", "category": "Travel"})
    assert other.json["category_id"] == category
    with book.database.write() as session:
        session.execute(sa.text("DELETE FROM categories"))
    refused = undo(client, removed.headers["outlay-action"])
    assert refused.status == 409
    assert [(item["kind"], item["reason"]) for item in refused.json["changed"]] == [(GOAL, "category_gone")]
    assert rows_of(book, ledger) == []


def test_it_is_exported_and_erased(book: Book, client: Client, ledger: LedgerId) -> None:
    client.post("/api/v1/goals", {"name": "=1+1", "minor": 3})
    exported = client.get("/api/v1/export")
    assert files_of(exported.body)["goals.csv"].splitlines()[1].endswith(",'=1+1,3,")

    order = ErasureOrder(receipt=uuid4(), account=None, ledgers=(ledger,))
    assert book.erasure.erase(order).deleted["goals"] == 1
    assert rows_of(book, ledger) == []


def test_totals_are_rebuilt_from_a_journal_with_it_in(
    book: Book, client: Client, ledger: LedgerId, databases: Databases, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/api/v1/goals", {"name": "Bicycle", "minor": 90_000})
    client.post("/api/v1/expenses", {"amount": "5", "category": "Travel"})
    database = Database(databases.fresh())
    migrations.upgrade(database, INSIGHTS)
    insights = assemble(database, BookClient(book), CommitEffects(connect(redis_url)))
    insights.sweep.run()
    seen: list[UUID] = []
    monkeypatch.setitem(totals.HANDLERS, GOAL, lambda _delta, _build, pair: seen.append(pair.id))

    assert insights.rebuild.run(ledger) == 3
    assert insights.audit.run(ledger) == "agreed"
    assert len(seen) == 1, "a kind from which something is derived has a line in HANDLERS"
    insights.effects.close()
    database.close()


def test_a_kind_comes_after_those_that_it_refers_to() -> None:
    with pytest.raises(ValueError, match="must come before"):
        EntityRegistry(GOALS, *ENTITIES)


def test_contributing_lists_the_few_files_of_a_new_kind() -> None:
    text = (ROOT / "docs" / "contributing.md").read_text("utf-8")
    story = text.partition("**Add a kind of entity**")[2].partition("**Add")[0]
    listed = re.findall(r"^\d+\. `([\w/.<>-]+)`", story, re.MULTILINE)
    python = [name for name in listed if not name.startswith(("frontend/", "docs/", "tests/"))]

    assert len(python) <= 6
    parts = re.findall(r"^# ([\w/.]+)$", Path(new_kind.__file__).read_text("utf-8"), re.MULTILINE)
    assert sorted(name.removeprefix("services/expenses/").replace("<kind>s", "goals") for name in python) == sorted(
        name.removeprefix("services/expenses/") for name in parts
    )


@pytest.mark.parametrize("entity", list(ENTITIES), ids=lambda entity: entity.kind)
def test_no_module_outside_its_folder_and_the_registry_names_the_repository_of_a_kind(entity: Entity) -> None:
    name, home = entity.repository.__name__, Path(sys.modules[entity.repository.__module__].__file__ or "").parent
    service = ROOT / "services" / "expenses"
    naming = {path.relative_to(service).parts[0] for path in service.rglob("*.py") if name in path.read_text("utf-8")}
    referring = {"payments"} if entity.kind == CATEGORY else set()

    assert naming == {home.name, "entities.py"} | referring
