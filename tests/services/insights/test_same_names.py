"""Names that look the same are one name in questions, facts and dismissals, also in a database from before."""

import datetime as dt
import hashlib
import json
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from chassis.database import migrations
from chassis.database.engine import Database
from contracts.ids import CategoryId, ExpenseId, LedgerId
from services.expenses.categories.tables import CategoryRow
from services.insights.ask.name_matching import NameIndex
from services.insights.insights import dismissals
from services.insights.insights.facts.payments import Payment, by_merchant
from services.insights.migrations import FOLDER
from services.insights.tables import InsightRow
from tests.support.ledger_services import LedgerServices
from tests.support.old_schemas import insert, upgrade_to
from tests.support.outlay import Outlay

TODAY = dt.date(2026, 1, 5)
NOW = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
APOSTROPHE, ACCENT = LedgerId(UUID(int=1)), LedgerId(UUID(int=2))


def test_a_merchant_is_one_merchant_in_facts_however_it_is_typed() -> None:
    spellings = ("Müller’s", "müller's", "Mu\u0308ller`s", "Müller\u200bʼs")
    payments = [Payment(ExpenseId(uuid4()), TODAY, 100, CategoryId(uuid4()), merchant) for merchant in spellings]
    assert {key: len(found) for key, found in by_merchant(payments).items()} == {"müller's": 4}


def test_a_question_about_two_categories_of_one_name_means_both() -> None:
    older, newer = CategoryId(UUID(int=1)), CategoryId(UUID(int=2))
    names = NameIndex({newer: "Men's wear", older: "Men’s wear"}, [])
    (found,) = names.find("MEN´S WEAR")
    assert found.categories == (older, newer)
    assert found.parameters == {"category": "Men’s wear"}


def test_dismissals_of_earlier_versions_keep_their_facts_away(database_url: str) -> None:
    database = Database(database_url, durable=False)
    before, after = (hashlib.sha256(key.encode()).hexdigest()[:16] for key in ("müller’s", "müller's"))
    with database.write() as session:
        upgrade_to(session, FOLDER, "0005")
        for ledger, merchant in ((APOSTROPHE, "Müller’s"), (ACCENT, "Café")):
            place = {"revision": 1, "entry_id": ledger, "shelf": ledger, "version": 1}
            insert(session, "checkpoints", {"ledger": ledger, **place})
            insert(session, "payments", payment(ledger, merchant))
            shown = {"revision": 1, "day": TODAY, "computed_at": NOW, "items": "[]"}
            insert(session, "insights", {"ledger": ledger, **shown})
        for fact in (f"recurring.{before}.30", f"recurring.{after}.30", f"stopped.{before}.2026-01-05", "pace.2026-01"):
            insert(session, "dismissals", {"ledger": APOSTROPHE, "fact": fact, "dismissed_at": NOW})
        for fact in (f"stopped:{before}:2026-01-05", f"upcoming:{before}:2026-02-01", "pace:2025-12"):
            insert(session, "dismissals", {"ledger": APOSTROPHE, "fact": fact, "dismissed_at": NOW})
        insert(session, "dismissals", {"ledger": ACCENT, "fact": "streak:2025-12", "dismissed_at": NOW})
        insert(session, "dismissals", {"ledger": ACCENT, "fact": f"recurring.{before}.30", "dismissed_at": NOW})
    migrations.upgrade(database, FOLDER)

    with database.snapshot() as session:
        found = dismissals.dismissed(session, APOSTROPHE)
        kept = {f"recurring.{after}.30", f"stopped.{after}.2026-01-05", f"upcoming.{after}.2026-02-01"}
        assert found == kept | {"pace.2026-01", "pace.2025-12"}
        assert dismissals.dismissed(session, ACCENT) == {f"recurring.{before}.30", "streak.2025-12"}
        days = dict(session.execute(sa.select(InsightRow.ledger, InsightRow.day)).all())
    assert days[APOSTROPHE] < days[ACCENT] == TODAY
    database.close()


def test_status_lists_two_categories_of_one_name(outlay: Outlay, services: LedgerServices, book: Database) -> None:
    assert "Same names" not in outlay("status").text
    user = services.new_user()
    user.record(category="Men’s wear")
    newer = user.record(category="Shoes")["category_id"]
    with book.write() as session:
        own = (CategoryRow.ledger == user.account, CategoryRow.id == UUID(newer))
        changed = sa.update(CategoryRow).where(*own)
        session.execute(changed.values(name="Men's wear", name_key="men's wear\n2"))
    said = outlay("status")
    assert said.line("Same names").endswith(" 1 of categories, each that of an older one in its ledger:")
    assert f"{user.account}  “Men's wear”, {newer}: rename it" in said.text
    assert [item["id"] for item in json.loads(outlay("status", "--json").text)["same_names"]["items"]] == [newer]


def payment(shelf: UUID, merchant: str) -> dict[str, Any]:
    amount = {"minor": 100, "currency": "EUR"}
    return {"shelf": shelf, "id": uuid4(), "day": TODAY, "category": uuid4(), "merchant": merchant, **amount}
