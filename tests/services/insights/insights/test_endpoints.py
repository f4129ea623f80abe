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
def runner(services: LedgerServices) -> Iterator[InsightRunner]:
    database = Database(services.insights_settings.database_url, durable=False)
    yield InsightRunner(database, None, lambda *_: None)
    database.close()


def insights(user: LedgerUser, revision: int = 0) -> Any:
    response = user.totals.get("/api/v1/insights", Outlay_Min_Revision=str(revision))
    assert response.status == 200, response.body
    return response.json


def record_months(user: LedgerUser) -> int:
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
    return user.book.post("/api/v1/expenses/batch", {"create": create}).revision


def test_the_page_and_the_payments_behind_each_sum(user: LedgerUser, runner: InsightRunner) -> None:
    revision = record_months(user)
    assert insights(user, revision)["status"] == "updating"
    assert runner.run(user.ledger) == "done"

    page = insights(user, revision)

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
                assert number["value"] == f"{listed(user, number['evidence']):.2f}", number
        assert user.book.get(f"/api/v1/expenses?{urlencode(item['evidence'])}").json["items"]


def listed(user: LedgerUser, evidence: dict[str, str]) -> Decimal:
    items = user.book.get(f"/api/v1/expenses?{urlencode(evidence)}").json["items"]
    return sum((Decimal(item["amount"]) for item in items), Decimal())


def test_a_refresh_is_taken_on_and_done_though_nothing_changed(user: LedgerUser, runner: InsightRunner) -> None:
    insights(user, record_months(user))
    runner.run(user.ledger)
    assert runner.run(user.ledger) == "nothing_to_do"

    response = user.totals.post("/api/v1/insights/refresh", None)

    assert (response.status, response.json) == (202, {"status": "updating"})
    assert runner.run(user.ledger) == "done"


def test_entries_that_came_after_are_counted(user: LedgerUser, runner: InsightRunner) -> None:
    insights(user, record_months(user))
    runner.run(user.ledger)
    assert insights(user)["changed_since"] == 0

    user.record()
    user.record()

    assert insights(user, 4)["changed_since"] == 2


def test_a_dismissed_fact_stays_away_until_that_is_taken_back(user: LedgerUser, runner: InsightRunner) -> None:
    insights(user, record_months(user))
    runner.run(user.ledger)
    first = insights(user)["items"][0]["id"]
    path = f"/api/v1/insights/{first}/dismiss"

    assert [user.totals.post(path, None).status for _ in range(2)] == [204, 204]
    assert first not in shown(user)
    assert runner.run(user.ledger) == "done"
    assert first not in shown(user)
    user.record()
    runner.run(user.ledger)
    assert first not in shown(user)

    assert user.totals.delete(path).status == 204
    runner.run(user.ledger)
    assert first in shown(user)


def test_only_what_was_shown_can_be_dismissed_and_by_no_other_user(
    services: LedgerServices, user: LedgerUser, runner: InsightRunner
) -> None:
    insights(user, record_months(user))
    runner.run(user.ledger)
    first, other = insights(user)["items"][0]["id"], services.new_user()

    for call in (other.totals.post, lambda path, _: other.totals.delete(path)):
        for path in (f"{first}/dismiss", f"{first}/dismiss?ledger={user.account}"):
            assert call(f"/api/v1/insights/{path}", None).status == 404
    assert user.totals.post("/api/v1/insights/pace.1999-01/dismiss", None).status == 404
    assert first in shown(user)


def shown(user: LedgerUser) -> list[str]:
    return [item["id"] for item in insights(user)["items"]]


def test_a_revision_that_the_journal_has_not_reached(user: LedgerUser) -> None:
    user.record()

    assert user.totals.get("/api/v1/insights", Outlay_Min_Revision="1000").status == 412


def test_no_user_reads_or_refreshes_anothers_insights(
    services: LedgerServices, user: LedgerUser, runner: InsightRunner
) -> None:
    record_months(user)
    insights(user)
    runner.run(user.ledger)
    other = services.new_user()

    for ledger in (user.account, uuid4()):
        assert other.totals.get(f"/api/v1/insights?ledger={ledger}").status == 404
        assert other.totals.post(f"/api/v1/insights/refresh?ledger={ledger}", None).status == 404
    assert insights(other)["items"] == []


def test_unknown_parameters_are_named(user: LedgerUser) -> None:
    response = user.totals.get("/api/v1/insights?from=2026-01-01")

    assert (response.status, response.json["errors"][0]["pointer"]) == (400, "from")
