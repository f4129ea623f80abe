"""A run, from payments to what people read, on both databases."""

import datetime as dt
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from sqlalchemy.exc import OperationalError

from chassis.database.engine import Database
from chassis.errors import Unavailable
from contracts.ids import LedgerId, UserId
from services.insights.components import TotalsProjection
from services.insights.insights import dismissals, jobs, runner
from services.insights.insights import repository as insight_repository
from services.insights.insights.facts.fact import Fact
from services.insights.insights.facts.finders import find_facts
from services.insights.insights.facts.ranking import choose
from services.insights.insights.facts.snapshot import FactSnapshot, own_day
from services.insights.insights.schemas import Insights, Status
from services.insights.llm import repository as model_store
from services.insights.llm.repository import Consent
from services.insights.projections.checkpoints import CHECKPOINTS
from services.insights.summary.service import RequiredRevision
from tests.support.insight_scenario import NEWEST, NOW, TODAY, InsightScenario


@pytest.fixture
def scenario(database: Database) -> InsightScenario:
    return InsightScenario(database)


def test_from_payments_to_a_page(scenario: InsightScenario) -> None:
    scenario.ledger.spend(TODAY, "12.50", "Food")
    scenario.ledger.spend(TODAY, "30", "Rent")
    scenario.ledger.spend(TODAY, "99", "Food", currency="USD")

    assert scenario.read().status == "updating"
    assert scenario.run() == "done"

    seen = scenario.read()
    (item,) = seen.items
    assert (seen.status, seen.revision) == ("current", 4)
    assert (item.id, item.value, item.unit, item.source) == ("largest_category.2026-11", "30.00", "EUR", "template")
    assert item.text == "Rent is the largest part of November so far: €30.00 of €42.50, which is 71%."
    assert scenario.notices == [(scenario.ledger.id, 4, scenario.now)]
    assert "words" not in seen.model_dump_json()


def test_a_new_ledger_has_nothing_to_tell_and_says_so(scenario: InsightScenario) -> None:
    assert scenario.reader.read(LedgerId(uuid4()), NEWEST) == Insights(status=Status.NONE, revision=0, items=[])
    scenario.run()

    assert scenario.read() == Insights(status=Status.CURRENT, revision=1, computed_at=scenario.now, items=[])


def test_a_run_that_is_not_requested_does_nothing(scenario: InsightScenario) -> None:
    scenario.ledger.spend(TODAY, "1")
    scenario.run()

    assert scenario.run() == "nothing_to_do"
    assert scenario.runner.run(LedgerId(uuid4())) == "nothing_to_do"
    assert len(scenario.notices) == 1


def test_after_a_write_the_old_insights_are_shown_as_updating(scenario: InsightScenario) -> None:
    scenario.ledger.spend(TODAY, "1")
    scenario.run()
    scenario.ledger.spend(TODAY, "2")

    seen = scenario.read()
    assert (seen.status, seen.revision, seen.items[0].value) == ("updating", 2, "1.00")

    scenario.run()
    seen = scenario.read()
    assert (seen.status, seen.revision, seen.items[0].value) == ("current", 3, "3.00")


def test_a_new_day_in_the_ledgers_own_time_zone_queues_a_run_once_read(scenario: InsightScenario) -> None:
    scenario.ledger.spend(TODAY, "1")
    scenario.run()
    scenario.now = dt.datetime(2026, 11, 22, 22, 59, tzinfo=dt.UTC)
    assert scenario.read().status == "current"

    scenario.now = dt.datetime(2026, 11, 22, 23, 1, tzinfo=dt.UTC)

    assert scenario.read().status == "updating"
    assert scenario.run() == "done"
    assert scenario.read().status == "current"


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Pacific/Kiritimati", 23), ("Pacific/Pago_Pago", 22), ("No/Such", 22), ("../etc/passwd", 22), ("", 22)],
)
def test_own_day(zone: str, day: int) -> None:
    assert own_day(zone, NOW).day == day


def test_totals_that_cannot_be_reached_are_no_error_but_not_current_either(scenario: InsightScenario) -> None:
    def away(*_: object) -> int | None:
        raise Unavailable

    scenario.ledger.spend(TODAY, "1")
    scenario.run()

    seen = scenario.service_with(away).read(scenario.ledger.id, RequiredRevision(99, 99))

    assert (seen.status, len(seen.items)) == ("updating", 1)


def test_a_ledger_that_is_set_aside_shows_stale_insights(scenario: InsightScenario) -> None:
    scenario.ledger.spend(TODAY, "1")
    scenario.run()

    seen = scenario.service_with(lambda *_: 3).read(scenario.ledger.id, NEWEST)

    assert (seen.status, len(seen.items)) == ("stale", 1)


def test_runs_that_keep_failing_are_given_up_and_what_is_shown_is_stale(
    scenario: InsightScenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario.ledger.spend(TODAY, "1")
    with monkeypatch.context() as broken:
        broken.setattr(runner, "find_facts", lambda _: 1 / 0)
        for _ in range(jobs.MAX_ATTEMPTS):
            with pytest.raises(ZeroDivisionError):
                scenario.run()
            scenario.now += dt.timedelta(minutes=11)
        assert scenario.run() == "nothing_to_do"
    assert scenario.read().status == "stale"

    scenario.reader.refresh(scenario.ledger.id)

    assert scenario.run() == "done"
    assert scenario.read().status == "current"


def test_a_busy_database_is_tried_again_and_does_not_count(
    scenario: InsightScenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    scenario.ledger.spend(TODAY, "1")
    with monkeypatch.context() as broken:
        broken.setattr(runner, "find_facts", busy)
        assert {scenario.run() for _ in range(jobs.MAX_ATTEMPTS + 3)} == {"transient"}

    assert scenario.run() == "done"


def test_a_worker_that_was_overtaken_stores_nothing(scenario: InsightScenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stops in the middle of its run for longer than its lease; another does the job with newer figures."""
    scenario.ledger.spend(TODAY, "1")

    def sleepily(snapshot: FactSnapshot) -> list[Fact]:
        monkeypatch.setattr(runner, "find_facts", find_facts)
        scenario.ledger.spend(TODAY, "5")
        scenario.now += jobs.LEASE_DURATION
        assert scenario.run() == "done"
        return find_facts(snapshot)

    monkeypatch.setattr(runner, "find_facts", sleepily)

    assert scenario.run() == "superseded"
    seen = scenario.read()
    assert (seen.status, seen.items[0].value) == ("current", "6.00")
    assert len(scenario.notices) == 1


def test_the_ground_is_read_as_the_book_has_it(scenario: InsightScenario) -> None:
    scenario.ledger.spend(dt.date(2025, 10, 31), "1")
    scenario.ledger.spend(dt.date(2025, 11, 1), "2")
    scenario.ledger.spend(dt.date(2026, 11, 22), "4", "Food")
    scenario.ledger.spend(dt.date(2026, 11, 22), "-0.50", "Fun")
    scenario.ledger.spend(dt.date(2026, 11, 30), "8")
    scenario.ledger.spend(dt.date(2026, 12, 1), "16")
    scenario.ledger.spend(dt.date(2026, 11, 22), "32", currency="USD")

    with scenario.database.snapshot() as session:
        settings = insight_repository.settings(session, scenario.ledger.id)
        assert settings
        snapshot = insight_repository.fact_snapshot(session, scenario.ledger.id, settings, TODAY)

    assert snapshot.since == dt.date(2025, 10, 31)
    assert [(day.day.isoformat(), day.total, day.count) for day in snapshot.days] == [
        ("2025-11-01", 200, 1),
        ("2026-11-22", 350, 2),
        ("2026-11-30", 800, 1),
    ]
    assert {category.name: category.total for category in snapshot.categories} == {"Food": 400, "Fun": -50}
    assert snapshot.revision == scenario.ledger.revision == 8


def test_a_ledger_that_is_read_from_the_start_again_has_no_insights_from_before(scenario: InsightScenario) -> None:
    scenario.ledger.spend(TODAY, "1")
    scenario.run()

    with scenario.database.write() as session:
        at = CHECKPOINTS.of(session, [scenario.ledger.id])[scenario.ledger.id]
        build = CHECKPOINTS.reset(session, scenario.ledger.id, at)
        assert build
        assert any(TotalsProjection().clear_some(session, build).values())
        TotalsProjection().reset(session, scenario.ledger.id)

    assert scenario.read() == Insights(status=Status.NONE, revision=0, items=[])


def test_what_people_said_outlives_a_journal_that_was_put_back(scenario: InsightScenario, database: Database) -> None:
    ledger = scenario.ledger.id
    with database.write() as session:
        dismissals.dismiss(session, LedgerId(ledger), "change.2026-11", NOW)
        model_store.set_consent(
            session, LedgerId(ledger), Consent(allowed=True, place="here", by=UserId(ledger), at=NOW)
        )
        TotalsProjection().reset(session, LedgerId(ledger))

    with database.snapshot() as session:
        assert dismissals.dismissed(session, LedgerId(ledger)) == {"change.2026-11"}
        assert model_store.consent(session, LedgerId(ledger))


@pytest.mark.parametrize("change", ["dismiss", "restore"])
def test_what_is_dismissed_or_restored_during_a_run_has_a_run_of_its_own(
    scenario: InsightScenario, change: str
) -> None:
    scenario.ledger.spend(TODAY, "12.50")
    scenario.run()
    (fact,) = (item.id for item in scenario.read().items)
    if change == "restore":
        scenario.reader.dismiss(scenario.ledger.id, fact)
        scenario.run()
    scenario.reader.refresh(scenario.ledger.id)

    def meanwhile(*asked: Any) -> list[Fact]:
        getattr(scenario.reader, change)(scenario.ledger.id, fact)
        return choose(*asked)

    with patch.object(runner, "choose", meanwhile):
        scenario.run()
    assert scenario.run() == "done"

    assert [item.id for item in scenario.read().items] == ([fact] if change == "restore" else [])
