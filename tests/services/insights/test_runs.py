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
def scene(database: Database) -> InsightScenario:
    return InsightScenario(database)


def test_from_payments_to_a_page(scene: InsightScenario) -> None:
    scene.ledger.spend(TODAY, "12.50", "Food")
    scene.ledger.spend(TODAY, "30", "Rent")
    scene.ledger.spend(TODAY, "99", "Food", currency="USD")

    assert scene.read().status == "updating"
    assert scene.run() == "done"

    seen = scene.read()
    (item,) = seen.items
    assert (seen.status, seen.revision) == ("current", 4)
    assert (item.id, item.value, item.unit, item.source) == ("largest_category.2026-11", "30.00", "EUR", "template")
    assert item.text == "Rent is the largest part of November so far: €30.00 of €42.50, which is 71%."
    assert scene.notices == [(scene.ledger.id, 4, scene.now)]
    assert "words" not in seen.model_dump_json()


def test_a_new_ledger_has_nothing_to_tell_and_says_so(scene: InsightScenario) -> None:
    assert scene.reader.read(LedgerId(uuid4()), NEWEST) == Insights(status=Status.NONE, revision=0, items=[])
    scene.run()

    assert scene.read() == Insights(status=Status.CURRENT, revision=1, computed_at=scene.now, items=[])


def test_a_run_that_is_not_requested_does_nothing(scene: InsightScenario) -> None:
    scene.ledger.spend(TODAY, "1")
    scene.run()

    assert scene.run() == "nothing_to_do"
    assert scene.runner.run(LedgerId(uuid4())) == "nothing_to_do"
    assert len(scene.notices) == 1


def test_after_a_write_the_old_insights_are_shown_as_updating(scene: InsightScenario) -> None:
    scene.ledger.spend(TODAY, "1")
    scene.run()
    scene.ledger.spend(TODAY, "2")

    seen = scene.read()
    assert (seen.status, seen.revision, seen.items[0].value) == ("updating", 2, "1.00")

    scene.run()
    seen = scene.read()
    assert (seen.status, seen.revision, seen.items[0].value) == ("current", 3, "3.00")


def test_a_new_day_in_the_ledgers_own_time_zone_queues_a_run_once_read(scene: InsightScenario) -> None:
    scene.ledger.spend(TODAY, "1")
    scene.run()
    scene.now = dt.datetime(2026, 11, 22, 22, 59, tzinfo=dt.UTC)
    assert scene.read().status == "current"

    scene.now = dt.datetime(2026, 11, 22, 23, 1, tzinfo=dt.UTC)

    assert scene.read().status == "updating"
    assert scene.run() == "done"
    assert scene.read().status == "current"


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Pacific/Kiritimati", 23), ("Pacific/Pago_Pago", 22), ("No/Such", 22), ("../etc/passwd", 22), ("", 22)],
)
def test_own_day(zone: str, day: int) -> None:
    assert own_day(zone, NOW).day == day


def test_totals_that_cannot_be_reached_are_no_error_but_not_current_either(scene: InsightScenario) -> None:
    def away(*_: object) -> int | None:
        raise Unavailable

    scene.ledger.spend(TODAY, "1")
    scene.run()

    seen = scene.service_with(away).read(scene.ledger.id, RequiredRevision(99, 99))

    assert (seen.status, len(seen.items)) == ("updating", 1)


def test_a_ledger_that_is_set_aside_shows_stale_insights(scene: InsightScenario) -> None:
    scene.ledger.spend(TODAY, "1")
    scene.run()

    seen = scene.service_with(lambda *_: 3).read(scene.ledger.id, NEWEST)

    assert (seen.status, len(seen.items)) == ("stale", 1)


def test_runs_that_keep_failing_are_given_up_and_what_is_shown_is_stale(
    scene: InsightScenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.ledger.spend(TODAY, "1")
    with monkeypatch.context() as broken:
        broken.setattr(runner, "find_facts", lambda _: 1 / 0)
        for _ in range(jobs.MAX_ATTEMPTS):
            with pytest.raises(ZeroDivisionError):
                scene.run()
            scene.now += dt.timedelta(minutes=11)
        assert scene.run() == "nothing_to_do"
    assert scene.read().status == "stale"

    scene.reader.refresh(scene.ledger.id)

    assert scene.run() == "done"
    assert scene.read().status == "current"


def test_a_busy_database_is_tried_again_and_does_not_count(
    scene: InsightScenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    scene.ledger.spend(TODAY, "1")
    with monkeypatch.context() as broken:
        broken.setattr(runner, "find_facts", busy)
        assert {scene.run() for _ in range(jobs.MAX_ATTEMPTS + 3)} == {"transient"}

    assert scene.run() == "done"


def test_a_worker_that_was_overtaken_stores_nothing(scene: InsightScenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stops in the middle of its run for longer than its lease; another does the job with newer figures."""
    scene.ledger.spend(TODAY, "1")

    def sleepily(ground: FactSnapshot) -> list[Fact]:
        monkeypatch.setattr(runner, "find_facts", find_facts)
        scene.ledger.spend(TODAY, "5")
        scene.now += jobs.LEASE_DURATION
        assert scene.run() == "done"
        return find_facts(ground)

    monkeypatch.setattr(runner, "find_facts", sleepily)

    assert scene.run() == "superseded"
    seen = scene.read()
    assert (seen.status, seen.items[0].value) == ("current", "6.00")
    assert len(scene.notices) == 1


def test_the_ground_is_read_as_the_book_has_it(scene: InsightScenario) -> None:
    scene.ledger.spend(dt.date(2025, 10, 31), "1")
    scene.ledger.spend(dt.date(2025, 11, 1), "2")
    scene.ledger.spend(dt.date(2026, 11, 22), "4", "Food")
    scene.ledger.spend(dt.date(2026, 11, 22), "-0.50", "Fun")
    scene.ledger.spend(dt.date(2026, 11, 30), "8")
    scene.ledger.spend(dt.date(2026, 12, 1), "16")
    scene.ledger.spend(dt.date(2026, 11, 22), "32", currency="USD")

    with scene.database.snapshot() as session:
        settings = insight_repository.settings(session, scene.ledger.id)
        assert settings
        ground = insight_repository.fact_snapshot(session, scene.ledger.id, settings, TODAY)

    assert ground.since == dt.date(2025, 10, 31)
    assert [(day.day.isoformat(), day.total, day.count) for day in ground.days] == [
        ("2025-11-01", 200, 1),
        ("2026-11-22", 350, 2),
        ("2026-11-30", 800, 1),
    ]
    assert {category.name: category.total for category in ground.categories} == {"Food": 400, "Fun": -50}
    assert ground.revision == scene.ledger.revision == 8


def test_a_ledger_that_is_read_from_the_start_again_has_no_insights_from_before(scene: InsightScenario) -> None:
    scene.ledger.spend(TODAY, "1")
    scene.run()

    with scene.database.write() as session:
        at = CHECKPOINTS.of(session, [scene.ledger.id])[scene.ledger.id]
        build = CHECKPOINTS.reset(session, scene.ledger.id, at)
        assert build
        assert any(TotalsProjection().clear_some(session, build).values())
        TotalsProjection().reset(session, scene.ledger.id)

    assert scene.read() == Insights(status=Status.NONE, revision=0, items=[])


def test_what_people_said_outlives_a_journal_that_was_put_back(scene: InsightScenario, database: Database) -> None:
    ledger = scene.ledger.id
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
def test_what_is_dismissed_or_restored_during_a_run_has_a_run_of_its_own(scene: InsightScenario, change: str) -> None:
    scene.ledger.spend(TODAY, "12.50")
    scene.run()
    (fact,) = (item.id for item in scene.read().items)
    if change == "restore":
        scene.reader.dismiss(scene.ledger.id, fact)
        scene.run()
    scene.reader.refresh(scene.ledger.id)

    def meanwhile(*asked: Any) -> list[Fact]:
        getattr(scene.reader, change)(scene.ledger.id, fact)
        return choose(*asked)

    with patch.object(runner, "choose", meanwhile):
        scene.run()
    assert scene.run() == "done"

    assert [item.id for item in scene.read().items] == ([fact] if change == "restore" else [])
