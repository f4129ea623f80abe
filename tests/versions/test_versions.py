"""The data of every earlier version goes on with this one: all sessions go on, no figure differs, nothing is 500."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.database import migrations
from chassis.database.engine import Database
from contracts.ids import LedgerId
from deploy.local.workshop import ROOT
from services.insights.components import build
from services.insights.insights.runner import InsightRunner
from services.insights.operations.service import ReplayOutcome
from tests.support.all_services import AllServices, all_services
from tests.support.client import Client
from tests.support.databases import Databases
from tests.support.redis import RedisServer
from tests.versions.dumps import SERVICES, load
from tests.versions.record import FIXTURES
from tests.versions.story import SPELLINGS

VERSIONS = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())

OTHER_FINGERPRINTS = {"90f96e5"}
"""Versions that told equal requests in another way: a repeated one is refused for a week, and never written twice."""

DISTINCT_SPELLINGS = {"90f96e5", "d676b6b"}
"""Versions in which names that look the same were two categories."""


class UpgradedStack(NamedTuple):
    """The services of this version on the data of an earlier one, and what was noted about that data."""

    services: AllServices
    facts: Any

    def access(self, user: str) -> str:
        """A new access token of theirs."""
        told = self.facts["people"][user]
        answer = self.services.auth.login(told["email"], told["password"])
        assert answer.status == 200, answer.body
        return answer.access

    def ledger(self, user: str) -> str:
        """Their personal one."""
        ledger: str = self.facts["people"][user]["id"]
        return ledger


@contextmanager
def upgraded_from(fixture: Path, databases: Databases, redis_url: str) -> Iterator[UpgradedStack]:
    folder = fixture / databases.kind
    facts = json.loads((folder / "facts.json").read_text("utf-8"))
    older = datetime.now(UTC) - datetime.fromisoformat(facts["made_at"])
    urls = [load(databases, (folder / f"{service}.sql").read_text("utf-8"), older) for service in SERVICES]
    with all_services(databases, redis_url, urls, outlay_secret_key=facts["secret_key"]) as running:
        yield UpgradedStack(running, facts)


@pytest.fixture(scope="module", params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def upgraded(version: str, databases: Databases, shared_redis: RedisServer) -> Iterator[UpgradedStack]:
    shared_redis.clear()
    with upgraded_from(FIXTURES / version, databases, shared_redis.url) as running:
        yield running


def test_a_fixture_is_small() -> None:
    sizes = {name: sum(path.stat().st_size for path in (FIXTURES / name).rglob("*.*")) for name in VERSIONS}

    assert len(sizes) >= 2
    assert {name: size for name, size in sizes.items() if size > 300_000} == {}


def test_every_schema_is_the_newest(upgraded: UpgradedStack) -> None:
    told = (upgraded.services.auth_settings, upgraded.services.expenses_settings, upgraded.services.insights_settings)
    for service, settings in zip(SERVICES, told, strict=True):
        database = Database(settings.database_url)
        with database.snapshot() as session:
            schema = session.scalar(sa.text("SELECT version_num FROM alembic_version"))
        database.close()
        assert schema == migrations.newest(ROOT / "services" / service / "migrations")


def test_people_and_their_programs_stay_signed_in(upgraded: UpgradedStack) -> None:
    for user in upgraded.facts["people"].values():
        refreshed = upgraded.services.auth.refresh(user["refresh"])

        assert (refreshed.status, refreshed.body["user"]["email"]) == (200, user["email"])

    ada = upgraded.services.new_user("another user")
    assert ada.exchange(upgraded.facts["token"]) == 200


def test_the_book_and_its_figures_are_the_same(upgraded: UpgradedStack) -> None:
    access, book = upgraded.access("ada"), upgraded.facts["book"]
    expenses, totals = Client(upgraded.services.expenses, access), Client(upgraded.services.insights, access)

    items = expenses.get("/api/v1/expenses?limit=500").json["items"]
    assert {item["id"]: item["amount"] for item in items} == book["expenses"]
    names = sorted(item["name"] for item in expenses.get("/api/v1/categories").json["items"])
    assert names == book["categories"]
    for told in (book["summary"], upgraded.facts["shared"]["summary"]):
        answer = totals.get(f"/api/v1{told['query']}")
        assert (answer.status, within(told["answer"], answer.json)) == (200, told["answer"])


class TestNamesThatLookTheSame:
    """Bob has typed a category and a merchant in two spellings, which the oldest versions took for two categories."""

    def test_categories_stay_with_their_expenses_and_figures(self, version: str, upgraded: UpgradedStack) -> None:
        access, spellings = upgraded.access("bob"), upgraded.facts["spellings"]
        book, totals = Client(upgraded.services.expenses, access), Client(upgraded.services.insights, access)

        names = [category for category, _ in SPELLINGS]
        stored = names if version in DISTINCT_SPELLINGS else names[:1]
        assert sorted(spellings["categories"].values()) == sorted(stored)
        categories = book.get("/api/v1/categories").json["items"]
        assert {item["id"]: item["name"] for item in categories} == spellings["categories"]
        found = book.get(f"/api/v1/expenses?category={quote('MEN´S WEAR')}").json["items"]
        assert {item["id"]: item["category_id"] for item in found} == spellings["expenses"]
        summary = spellings["summary"]
        answer = totals.get(f"/api/v1{summary['query']}")
        assert (answer.status, within(summary["answer"], answer.json)) == (200, summary["answer"])

    def test_a_spelling_means_its_own_category_and_any_other_the_older(
        self, version: str, upgraded: UpgradedStack
    ) -> None:
        book, (older, newer) = Client(upgraded.services.expenses, upgraded.access("bob")), SPELLINGS

        recorded = {}
        for name in (older[0], newer[0], "MEN'S WEAR"):
            expense = book.post("/api/v1/expenses", {"amount": "1.00", "category": name}).json
            recorded[name] = upgraded.facts["spellings"]["categories"][expense["category_id"]]
            assert book.delete(f"/api/v1/expenses/{expense['id']}").status == 204

        own = newer[0] if version in DISTINCT_SPELLINGS else older[0]
        assert recorded == {older[0]: older[0], newer[0]: own, "MEN'S WEAR": older[0]}

    def test_two_merchants_are_one(self, upgraded: UpgradedStack) -> None:
        book = Client(upgraded.services.expenses, upgraded.access("bob"))

        for query in ("merchant=MÜLLER'S", "q=müller’s"):
            found = book.get(f"/api/v1/expenses?{quote(query, safe='=')}").json["items"]
            assert {item["merchant"] for item in found} == {merchant for _, merchant in SPELLINGS}
            assert len(found) == len(upgraded.facts["spellings"]["expenses"])

    def test_a_dismissed_fact_about_the_merchant_stays_away(self, upgraded: UpgradedStack) -> None:
        shown = _computed_anew(upgraded, "bob")

        assert shown
        assert [fact for fact in shown if fact.startswith("recurring")] == []


def test_a_write_that_is_repeated_with_its_key_is_answered_as_before(upgraded: UpgradedStack) -> None:
    repeated = upgraded.facts["book"]["repeated"]
    book = Client(upgraded.services.expenses, upgraded.access("ada"))

    answer = book.post(
        f"/api/v1/expenses?ledger={upgraded.ledger('ada')}", repeated["body"], Idempotency_Key=repeated["key"]
    )

    if upgraded.facts["version"] in OTHER_FINGERPRINTS:
        assert answer.status == 422
    else:
        assert (answer.status, answer.headers["Idempotent-Replayed"], answer.json) == (201, "true", repeated["answer"])
    assert len(book.get("/api/v1/expenses?limit=500").json["items"]) == len(upgraded.facts["book"]["expenses"])


def test_insights_are_shown_or_computed_anew(upgraded: UpgradedStack) -> None:
    totals, told = Client(upgraded.services.insights, upgraded.access("ada")), upgraded.facts["insights"]

    assert totals.get("/api/v1/insights").status == 200
    shown = _computed_anew(upgraded, "ada")

    assert shown
    assert told["dismissed"].replace(":", ".") not in shown  # ids have had dots since 4c12aba


def test_a_ledger_that_was_set_aside_is_listed_and_goes_on(upgraded: UpgradedStack) -> None:
    settings, cyd = upgraded.services.insights_settings, LedgerId(UUID(upgraded.ledger("cyd")))
    database = Database(settings.database_url, durable=False)
    operating = build(settings, database).operations

    assert [(one.ledger, one.revision) for one in operating.parked()] == [(cyd, 2)]
    assert operating.replay(cyd) is ReplayOutcome.CAUGHT_UP
    assert operating.parked() == []
    database.close()


def test_who_was_erased_stays_so(upgraded: UpgradedStack) -> None:
    dee = upgraded.facts["erased"]

    assert upgraded.services.receipt(dee["receipt"])["finished_at"]
    assert upgraded.services.auth.login(dee["email"], "a long walk home").status == 401


def test_people_can_leave_with_all_that_they_had(version: str, databases: Databases, redis_url: str) -> None:
    with upgraded_from(FIXTURES / version, databases, redis_url) as running:
        access, told = running.access("ada"), running.facts["people"]["ada"]
        handed_over = {"account": running.ledger("bob")}
        way = f"/api/v1/ledgers/{running.facts['shared']['id']}/hand-over"
        assert running.services.auth.signed_in("POST", way, access, handed_over).status == 200
        access = running.access("ada")
        receipt = running.services.auth.signed_in("POST", "/api/v1/auth/erase", access, {"password": told["password"]})
        deleted = running.services.finished(receipt.body["receipt"])

        assert deleted["expenses"]["expenses"] == len(running.facts["book"]["expenses"])
        assert deleted["insights"]["insights"] == 1
        shared = running.facts["shared"]["summary"]
        bob = Client(running.services.insights, running.access("bob")).get(f"/api/v1{shared['query']}")
        assert bob.json["total"] == shared["answer"]["total"]


def _computed_anew(upgraded: UpgradedStack, user: str) -> list[str]:
    """Ids of the insights that this version shows."""
    totals = Client(upgraded.services.insights, upgraded.access(user))
    assert totals.post("/api/v1/insights/refresh", None).status < 300
    database = Database(upgraded.services.insights_settings.database_url, durable=False)
    moment = datetime.fromisoformat(upgraded.facts["made_at"])
    runner = InsightRunner(database, None, lambda *_: None, lambda: moment)
    assert runner.run(LedgerId(UUID(upgraded.ledger(user)))) == "done"
    database.close()
    return [item["id"] for item in totals.get("/api/v1/insights").json["items"]]


def within(told: Any, answer: Any) -> Any:
    """The answer, reduced to what the earlier version said too."""
    if isinstance(told, dict):
        return {key: within(value, answer.get(key)) for key, value in told.items()}
    if isinstance(told, list) and len(told) == len(answer):
        return [within(*pair) for pair in zip(told, answer, strict=True)]
    return answer
