"""Whatever a fact says it rests on, the list shows: its sum or its count is the number, for every kind of fact."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest

from chassis.database.engine import Database
from contracts.money import Money
from services.insights.insights import repository as insight_repository
from services.insights.insights.facts.fact import FactKind
from services.insights.insights.facts.finders import find_facts
from services.insights.insights.schemas import StoredInsight
from services.insights.insights.wording.rendering import render
from tests.support.facts import Payment, day
from tests.support.ledger_services import LedgerServices, LedgerUser
from tests.support.plain_ledgers import LEDGERS, TODAY


@pytest.fixture
def totals(services: LedgerServices) -> Iterator[Database]:
    database = Database(services.insights_settings.database_url, durable=False)
    yield database
    database.close()


def record(user: LedgerUser, payments: list[Payment]) -> int:
    """In the book, among payments in another currency that no evidence may list."""
    create = [
        {"spent_on": on, "amount": Money(minor, "EUR").amount, "category": category, "merchant": "".join(merchant)}
        for on, minor, category, *merchant in payments
    ]
    create += [payment | {"currency": "USD"} for payment in create[-20:]]
    return max(
        user.book.post("/api/v1/expenses/batch", {"create": create[start : start + 500]}).revision
        for start in range(0, len(create), 500)
    )


def told(user: LedgerUser, totals: Database, revision: int) -> list[StoredInsight]:
    """Every fact of the ledger on the story's day, not only the few that are chosen."""
    user.totals.get("/api/v1/insights", Outlay_Min_Revision=str(revision))
    with totals.snapshot() as session:
        settings = insight_repository.settings(session, user.ledger)
        assert settings is not None
        snapshot = insight_repository.fact_snapshot(session, user.ledger, settings, day(TODAY))
    return render(find_facts(snapshot), {}, settings.locale)


def listed(user: LedgerUser, evidence: dict[str, str]) -> list[Any]:
    response = user.book.get(f"/api/v1/expenses?{urlencode(evidence | {'limit': '500'})}")
    assert response.status == 200, response.body
    assert response.json["next_cursor"] is None
    items: list[Any] = response.json["items"]
    return items


def test_there_is_a_ledger_for_every_kind() -> None:
    assert set(LEDGERS) == set(FactKind)


@pytest.mark.parametrize("kind", FactKind)
def test_the_list_behind_each_number_adds_up_to_it_or_has_as_many(
    kind: FactKind, user: LedgerUser, totals: Database
) -> None:
    items = told(user, totals, record(user, list(LEDGERS[kind])))

    assert kind in {item.kind for item in items}
    for item in items:
        assert listed(user, item.evidence)
        proven = [number for number in item.numbers if number.proof in {"sum", "count"}]
        assert proven, item.text
        for number in item.numbers:
            assert item.text[number.at :].startswith(number.text)
            if number.evidence is None:
                assert number.unit == "months", number
                continue
            behind = listed(user, number.evidence)
            total = sum((Decimal(expense["amount"]) for expense in behind), Decimal())
            if number.proof == "sum":
                assert Decimal(number.value) == total, (item.text, number)
            elif number.proof == "count":
                assert int(number.value) == len(behind), (item.text, number)
            else:
                assert behind, (item.text, number)


def test_what_a_fact_says_it_found_is_what_was_put_there(user: LedgerUser, totals: Database) -> None:
    payments = list(LEDGERS[FactKind.WEEKDAY_CHANGE])

    (item,) = (item for item in told(user, totals, record(user, payments)) if item.kind is FactKind.WEEKDAY_CHANGE)

    behind = listed(user, item.evidence)
    assert {dt.date.fromisoformat(expense["spent_on"]).strftime("%A") for expense in behind} == {"Saturday"}
    assert (item.period.since, item.period.until) == (dt.date(2026, 10, 26), dt.date(2026, 11, 22))
