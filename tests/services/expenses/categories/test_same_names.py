"""Categories, merchants and tags whose names look the same are the same, also those that were written before."""

from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from chassis.database import migrations
from chassis.database.engine import Database
from contracts.ids import LedgerId
from services.expenses.ledger.tables import Base
from services.expenses.migrations import FOLDER
from tests.support.book import Book, migrated_book
from tests.support.ledger_services import LedgerServices, LedgerUser
from tests.support.old_schemas import insert, upgrade_to

LEDGER, OTHER = LedgerId(UUID(int=1)), LedgerId(UUID(int=2))


def test_the_schema_is_what_the_models_say(database_url: str) -> None:
    database = migrated_book(database_url)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    database.close()


def test_one_category_however_its_name_is_typed(user: LedgerUser) -> None:
    first = user.record(category="Men’s wear", merchant="Müller’s", tags=["Week–end", "week-end", "Café"])
    assert user.book.get(f"/api/v1/expenses/{first['id']}").json["tags"] == ["Week–end", "Café"]
    for name in ("men's wear", "Men\u00a0\u00a0s wear".replace("\u00a0\u00a0", "ʼ"), "Ｍen's\u200b wear"):
        assert user.record(category=name)["category_id"] == first["category_id"]
    assert user.record(category="Mens wear")["category_id"] != first["category_id"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("merchant=MÜLLER'S", 1),
        ("merchant=Muller's", 0),
        ("category=men's wear", 1),
        ("tag=WEEK-END", 1),
        ("q=muller's", 1),
        ("q=müller´s", 1),
        ("q=cafe", 1),
        ("q=Café", 1),
        ("q=cafes", 0),
    ],
)
def test_filters_compare_names_and_a_search_ignores_accents(user: LedgerUser, query: str, count: int) -> None:
    user.record(category="Men’s wear", merchant="Müller’s", tags=["Week–end", "Café"])
    name, _, value = query.partition("=")
    assert len(user.book.get(f"/api/v1/expenses?{name}={quote(value)}").json["items"]) == count


@pytest.mark.parametrize("name", ["\u200b", "\u2060 \ufeff", "\u2800"])
def test_a_name_has_something_to_see(user: LedgerUser, name: str) -> None:
    refused = user.book.post("/api/v1/expenses", {"amount": "1", "category": name, "tags": [name]})
    assert refused.status == 422
    assert [error["pointer"] for error in refused.json["errors"]] == ["/category", "/tags/0"]
    assert user.record(merchant=name)["merchant"] is None


def test_a_name_that_is_taken_in_another_spelling_is_refused(user: LedgerUser) -> None:
    user.record(category="Men's wear")
    other = user.record(category="Shoes")["category_id"]
    assert user.book.patch(f"/api/v1/categories/{other}", {"name": "Men’s wear"}).status == 409
    assert user.book.patch(f"/api/v1/categories/{other}", {"name": "SHOES"}).status == 200


def test_keys_from_before_are_made_anew_and_a_pair_stays(database_url: str) -> None:
    database = Database(database_url)
    with database.write() as session:
        upgrade_to(session, FOLDER, "0003")
        insert(
            session,
            "categories",
            category(LEDGER, 5, "Men's wear", "men's wear"),  # newer, and has the key that the older one gets
            category(LEDGER, 4, "Men’s wear", "men’s wear"),
            category(LEDGER, 6, "Ｍen’s wear", "ｍen’s wear"),
            category(OTHER, 7, "Men’s wear", "men’s wear"),
        )
        insert(session, "expenses", expense("Müller’s", "müller’s", ["Week–end"]))
    migrations.upgrade(database, FOLDER)

    with database.snapshot() as session:
        keys = session.execute(sa.text("SELECT name, name_key FROM categories ORDER BY id")).all()
        row = session.execute(sa.text("SELECT merchant, merchant_key, tags_key, search_text FROM expenses")).one()
    assert keys == [
        ("Men’s wear", "men's wear"),
        ("Men's wear", "men's wear\n2"),
        ("Ｍen’s wear", "men's wear\n3"),
        ("Men’s wear", "men's wear"),
    ]
    assert tuple(row) == ("Müller’s", "müller's", "\nweek-end\n", "muller's week-end")
    same = Book(database).categories.same_names().items
    assert [(item.ledger, item.id.int, item.name) for item in same] == [
        (LEDGER, 5, "Men's wear"),
        (LEDGER, 6, "Ｍen’s wear"),
    ]
    database.close()


class TestPair:
    """Two categories of one name, from before they were taken for the same."""

    @pytest.fixture
    def pair(self, services: LedgerServices, user: LedgerUser) -> tuple[str, str]:
        older = user.record(category="Men’s wear")["category_id"]
        newer = user.record(category="Shoes")["category_id"]
        database = Database(services.expenses_settings.database_url)
        with database.write() as session:
            pair = sa.text("UPDATE categories SET name = :name, name_key = :key WHERE id = :id")
            values = {"name": "Men's wear", "key": "men's wear\n2", "id": UUID(newer)}
            session.execute(pair.bindparams(sa.bindparam("id", type_=sa.Uuid())), values)
        database.close()
        return older, newer

    def test_each_spelling_finds_its_own_and_others_find_the_older(
        self, user: LedgerUser, pair: tuple[str, str]
    ) -> None:
        older, newer = pair
        assert user.record(category="Men’s wear")["category_id"] == older
        assert user.record(category="Men's wear")["category_id"] == newer
        assert user.record(category="MEN'S WEAR")["category_id"] == older
        listed = user.book.get("/api/v1/expenses?category=MEN%27s%20wear").json["items"]
        assert {item["category_id"] for item in listed} == {older, newer}

    def test_the_newer_can_be_recoloured_renamed_and_put_back(self, user: LedgerUser, pair: tuple[str, str]) -> None:
        path = f"/api/v1/categories/{pair[1]}"
        coloured = user.book.patch(path, {"colour": "red"})
        assert coloured.status == 200
        undone = user.book.post(f"/api/v1/journal/{coloured.headers['Outlay-Action']}/undo", {})
        assert (undone.status, undone.json["undone"]) == (201, 1)
        assert user.book.patch(path, {"name": "Men´s  wear"}).status == 200
        assert user.book.patch(path, {"name": "Clothes"}).status == 200
        assert user.book.patch(path, {"name": "Men's wear"}).status == 409
        assert {item["name"] for item in user.book.get("/api/v1/categories").json["items"]} == {
            "Men’s wear",
            "Clothes",
        }


def category(ledger: LedgerId, number: int, name: str, key: str) -> dict[str, Any]:
    return {"ledger": ledger, "id": UUID(int=number), "name": name, "name_key": key}


def expense(merchant: str, key: str, tags: list[str]) -> dict[str, Any]:
    row = {"ledger": LEDGER, "id": UUID(int=9), "amount": "1", "minor": 100, "currency": "EUR"}
    texts = {"merchant": merchant, "merchant_key": key, "tags_key": f"\n{tags[0]}\n", "search_text": "old"}
    return row | {"category": UUID(int=4), "spent_on": date(2026, 1, 5), "tags": tags} | texts
