"""Leases of the job row: one at a time, ended by time, and of no use to a late worker."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from chassis.database.engine import Database
from contracts.ids import LedgerId
from services.insights.insights import jobs
from services.insights.insights import repository as insight_repository
from services.insights.insights.jobs import BACKOFF, DEBOUNCE, LEASE_DURATION, MAX_ATTEMPTS, JobState
from services.insights.insights.repository import SavedInsights
from tests.support.job_row import DAY, JobScenario, moment
from tests.support.waiting import until

quiet, lease_life = DEBOUNCE.total_seconds(), LEASE_DURATION.total_seconds()


@pytest.fixture
def row(database: Database) -> JobScenario:
    return JobScenario(database)


def test_one_lease_at_a_time(row: JobScenario) -> None:
    row.request_revision(1, at=0)

    with ThreadPoolExecutor(8) as pool:
        leases = [lease for lease in pool.map(lambda _: row.lease(10), range(8)) if lease]

    assert len(leases) == 1


def test_a_write_during_a_run_wants_another(row: JobScenario) -> None:
    row.request_revision(1, at=0)
    lease = row.lease_job(at=10)
    row.request_revision(2, at=11)

    assert not row.is_due(at=11 + quiet), "a worker is at it"
    assert row.finish(lease, revision=1)
    assert row.is_due(at=11 + quiet)
    assert row.state() == JobState(waiting=True, given_up=False)


def test_a_write_that_the_run_has_seen_wants_no_other(row: JobScenario) -> None:
    row.request_revision(1, at=0)
    lease = row.lease_job(at=10)
    row.request_revision(2, at=11)

    row.finish(lease, revision=2)

    assert row.state() == JobState(waiting=False, given_up=False)


def test_a_rebuilt_ledger_of_lower_revisions_does_not_run_for_ever(row: JobScenario) -> None:
    row.request_revision(100, at=0)
    lease = row.lease_job(at=10)

    row.finish(lease, revision=50)

    assert not row.is_due(at=3_600)


def test_a_dead_workers_job_is_another_workers_when_the_lease_ends(row: JobScenario) -> None:
    row.request_revision(1, at=0)
    row.lease_job(at=10)

    assert row.lease(at=10 + lease_life - 1) is None
    assert row.is_due(at=10 + lease_life)
    assert row.lease_job(at=10 + lease_life).attempt == 2


def test_a_worker_that_slept_through_its_lease_can_neither_store_nor_finish(row: JobScenario) -> None:
    row.request_revision(1, at=0)
    sleeper = row.lease_job(at=10)
    successor = row.lease_job(at=10 + lease_life)

    assert not row.renew(sleeper, at=200)
    assert not row.finish(sleeper, revision=1)
    row.fail(sleeper, at=200)
    assert row.renew(successor, at=200)
    assert row.finish(successor, revision=1)
    assert not row.renew(successor, at=201), "it is over"


def test_what_changes_what_a_run_may_do_is_not_lost_on_one_that_has_begun(row: JobScenario) -> None:
    row.request_revision(1, at=0)
    running = row.lease_job(at=10)
    row.restart(at=11)

    assert not row.renew(running, at=12)
    assert not row.finish(running, revision=1)
    assert row.is_due(at=11)
    assert row.finish(row.lease_job(at=12), revision=1)
    assert not row.is_due(at=1000)


def test_a_token_from_before_a_rebuild_is_worth_nothing(row: JobScenario) -> None:
    row.request_revision(1, at=0)
    sleeper = row.lease_job(at=10)
    with row.database.write() as session:
        session.execute(jobs._JOBS.delete())
    row.request_revision(1, at=20)
    row.lease_job(at=30)

    assert not row.renew(sleeper, at=31)


def test_holding_on_renews_the_lease(row: JobScenario) -> None:
    row.request_revision(1, at=0)
    lease = row.lease_job(at=10)

    assert row.renew(lease, at=60)
    assert row.lease(at=10 + lease_life) is None


def test_failures_are_tried_again_more_and_more_slowly_and_then_given_up(row: JobScenario) -> None:
    row.request_revision(1, at=0)
    at = 10.0
    for pause in BACKOFF:
        row.fail(row.lease_job(at), at)
        assert not row.is_due(at + pause.total_seconds() - 1)
        at += pause.total_seconds()
        assert row.is_due(at)
    row.fail(row.lease_job(at), at)

    assert len(BACKOFF) + 1 == MAX_ATTEMPTS == 5
    assert not row.is_due(at + 10**6)
    assert row.lease(at + 10**6) is None
    assert row.state() == JobState(waiting=True, given_up=True)


def test_a_new_write_and_a_person_who_asks_start_afresh_but_a_reader_does_not(row: JobScenario) -> None:
    def give_up(at: float) -> None:
        for _ in range(MAX_ATTEMPTS):
            row.fail(row.lease_job(at), at)

    row.request_revision(1, at=0)
    give_up(at=10)
    row.request_run(at=1_000, afresh=False)
    assert row.state().given_up

    row.request_run(at=1_000, afresh=True)
    assert row.is_due(at=1_000)
    give_up(at=1_000)
    row.request_revision(2, at=2_000)

    assert row.is_due(at=2_000 + quiet)


def test_transient_failures_do_not_count(row: JobScenario) -> None:
    row.request_revision(1, at=0)
    for number in range(20):
        at = 10.0 + number * 10
        row.fail(row.lease_job(at), at, transient=True)

    assert row.is_due(at=300)


def test_a_failure_does_not_hide_a_write_that_came_meanwhile(row: JobScenario) -> None:
    row.request_revision(1, at=0)
    lease = row.lease_job(at=10)
    row.request_revision(2, at=11)

    row.fail(lease, at=12)

    assert row.is_due(at=11 + quiet)
    assert row.lease_job(at=11 + quiet).attempt == 1


def test_what_is_stored_while_a_ledger_is_forgotten_is_forgotten_too(row: JobScenario) -> None:
    row.request_revision(1, at=0)
    lease = row.lease_job(at=10)

    with ThreadPoolExecutor(1) as pool:
        with row.database.write() as session:
            assert jobs.renew(session, lease, moment(11))
            forgetting = pool.submit(forget, row)
            if not row.database.is_sqlite:  # it waits for the writer's lock, which shows nowhere
                until(lambda: waiting_for_a_lock(row.database), what="the other to wait for the job's row")
            insight_repository.save(session, LedgerId(row.ledger), SavedInsights(1, DAY, moment(11), []))
        forgetting.result()

    with row.database.snapshot() as session:
        assert insight_repository.saved(session, LedgerId(row.ledger)) is None


def forget(row: JobScenario) -> None:
    with row.database.write() as session:
        insight_repository.delete_ledger(session, LedgerId(row.ledger))


def waiting_for_a_lock(database: Database) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with database.snapshot() as session:
        return bool(session.scalar(sa.text(waiting)))
