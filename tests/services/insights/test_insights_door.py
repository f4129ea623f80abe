"""Insights over HTTP, with a book behind them: what they say, and that each sum opens its own payments."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from chassis.database.engine import Database
from services.insights.insights.facts.snapshot import month_before
from services.insights.insights.runner import InsightRunner
from tests.support.ledger_services import LedgerServices, LedgerUser


@pytest.fixture
def runner(a_world: LedgerServices) -> Iterator[InsightRunner]:
    database = Database(a_world.insights_settings.database_url, durable=False)
    yield InsightRunner(database, None, lambda *_: None)
    database.close()


def insights(person: LedgerUser, revision: int = 0) -> Any:
    got = person.totals.get("/api/v1/insights", Outlay_Min_Revision=str(revision))
    assert got.status == 200, got.body
    return got.json


def record_months(person: LedgerUser) -> int:
    """Payments of this month and the one before, some in another currency, and one dated far ahead."""
    today = dt.datetime.now(ZoneInfo("Europe/Berlin")).date()
    first, before = today.replace(day=1), month_before(today).since
    create = [
        {"amount": "40", "category": "Rent", "spent_on": str(before)},
        {"amount": "7.25", "category": "Food", "spent_on": str(before)},
        {"amount": "99", "currency": "USD", "category": "Food", "spent_on": str(before)},
        {"amount": "30", "category": "Rent", "spent_on": str(first)},
        {"amount": "12.50", "category": "Food", "spent_on": str(first)},
        {"amount": "-2.50", "category": "Food", "spent_on": str(first)},
        {"amount": "99", "currency": "USD", "category": "Rent", "spent_on": str(today)},
        {"amount": "1000", "category": "Food", "spent_on": str(today + dt.timedelta(days=100))},
    ]
    return person.book.post("/api/v1/expenses/batch", {"create": create}).revision


def test_the_page_and_the_payments_behind_each_sum(person: LedgerUser, runner: InsightRunner) -> None:
    revision = record_months(person)
    assert insights(person, revision)["status"] == "updating"
    assert runner.run(person.ledger) == "done"

    page = insights(person, revision)

    assert (page["status"], page["revision"]) == ("current", revision)
    kinds = {item["kind"]: item for item in page["items"]}
    assert kinds.keys() >= {"largest_category", "change"}
    assert (kinds["largest_category"]["value"], kinds["largest_category"]["unit"]) == ("30.00", "EUR")
    assert (kinds["change"]["value"], kinds["change"]["direction"]) == ("-7.25", "down")
    for item in page["items"]:
        assert all(number["text"] in item["text"] for number in item["numbers"])
        assert item["formula"]
        for number in item["numbers"]:
            if number["proof"] == "sum":
                assert number["value"] == f"{listed(person, number['evidence']):.2f}", number
        assert person.book.get(f"/api/v1/expenses?{urlencode(item['evidence'])}").json["items"]


def listed(person: LedgerUser, evidence: dict[str, str]) -> Decimal:
    items = person.book.get(f"/api/v1/expenses?{urlencode(evidence)}").json["items"]
    return sum((Decimal(item["amount"]) for item in items), Decimal())


def test_a_refresh_is_taken_on_and_done_though_nothing_changed(person: LedgerUser, runner: InsightRunner) -> None:
    insights(person, record_months(person))
    runner.run(person.ledger)
    assert runner.run(person.ledger) == "nothing_to_do"

    got = person.totals.post("/api/v1/insights/refresh", None)

    assert (got.status, got.json) == (202, {"status": "updating"})
    assert runner.run(person.ledger) == "done"


def test_entries_that_came_after_are_counted(person: LedgerUser, runner: InsightRunner) -> None:
    insights(person, record_months(person))
    runner.run(person.ledger)
    assert insights(person)["changed_since"] == 0

    person.record()
    person.record()

    assert insights(person, 4)["changed_since"] == 2


def test_a_dismissed_fact_stays_away_until_that_is_taken_back(person: LedgerUser, runner: InsightRunner) -> None:
    insights(person, record_months(person))
    runner.run(person.ledger)
    first = insights(person)["items"][0]["id"]
    path = f"/api/v1/insights/{first}/dismiss"

    assert [person.totals.post(path, None).status for _ in range(2)] == [204, 204]
    assert first not in shown(person)
    assert runner.run(person.ledger) == "done"
    assert first not in shown(person)
    person.record()
    runner.run(person.ledger)
    assert first not in shown(person)

    assert person.totals.delete(path).status == 204
    runner.run(person.ledger)
    assert first in shown(person)


def test_only_what_was_shown_can_be_dismissed_and_by_no_other_user(
    a_world: LedgerServices, person: LedgerUser, runner: InsightRunner
) -> None:
    insights(person, record_months(person))
    runner.run(person.ledger)
    first, other = insights(person)["items"][0]["id"], a_world.new_user()

    for call in (other.totals.post, lambda path, _: other.totals.delete(path)):
        for path in (f"{first}/dismiss", f"{first}/dismiss?ledger={person.account}"):
            assert call(f"/api/v1/insights/{path}", None).status == 404
    assert person.totals.post("/api/v1/insights/pace.1999-01/dismiss", None).status == 404
    assert first in shown(person)


def shown(person: LedgerUser) -> list[str]:
    return [item["id"] for item in insights(person)["items"]]


def test_a_revision_that_the_journal_has_not_reached(person: LedgerUser) -> None:
    person.record()

    assert person.totals.get("/api/v1/insights", Outlay_Min_Revision="1000").status == 412


def test_no_user_reads_or_refreshes_anothers_insights(
    a_world: LedgerServices, person: LedgerUser, runner: InsightRunner
) -> None:
    record_months(person)
    insights(person)
    runner.run(person.ledger)
    other = a_world.new_user()

    for ledger in (person.account, uuid4()):
        assert other.totals.get(f"/api/v1/insights?ledger={ledger}").status == 404
        assert other.totals.post(f"/api/v1/insights/refresh?ledger={ledger}", None).status == 404
    assert insights(other)["items"] == []


def test_unknown_parameters_are_named(person: LedgerUser) -> None:
    got = person.totals.get("/api/v1/insights?from=2026-01-01")

    assert (got.status, got.json["errors"][0]["pointer"]) == (400, "from")
