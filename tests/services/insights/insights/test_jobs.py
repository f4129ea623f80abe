"""The job row: a burst is one run, a lost task is sent again, and a late worker stores nothing."""

from uuid import uuid4

import pytest

from chassis.database.engine import Database
from contracts.ids import LedgerId
from services.insights.insights import jobs
from services.insights.insights.jobs import DEBOUNCE, LEASE_DURATION, MAX_DEBOUNCE, RESEND_AFTER
from tests.support.job_row import JobScenario, moment

quiet, longest, lease_life = (span.total_seconds() for span in (DEBOUNCE, MAX_DEBOUNCE, LEASE_DURATION))


@pytest.fixture
def row(database: Database) -> JobScenario:
    return JobScenario(database)


def test_a_run_waits_until_it_is_quiet(row: JobScenario) -> None:
    row.request_revision(1, at=0)
    row.request_revision(2, at=3)

    assert not row.is_due(at=quiet)
    assert row.is_due(at=3 + quiet)


def test_but_not_for_ever(row: JobScenario) -> None:
    for second in range(60):
        row.request_revision(second + 1, at=second)
        if row.is_due(at=second + 0.5):
            break

    assert longest - quiet <= second <= longest


def test_a_burst_is_one_run(row: JobScenario) -> None:
    for number in range(500):
        row.request_revision(number + 1, at=number / 100)

    lease = row.lease_job(at=4.99 + quiet)

    assert row.finish(lease, revision=500)
    assert not row.is_due(at=3_600)
    assert row.lease(at=3_600) is None


def test_many_ledgers_in_one_statement(row: JobScenario) -> None:
    others = {LedgerId(uuid4()): number for number in range(1, 1_000)}

    with row.database.write() as session:
        jobs.request(session, others, moment(0))
        jobs.request(session, {}, moment(0))

    with row.database.snapshot() as session:
        assert {job.ledger for job in jobs.due(session, moment(quiet), limit=2_000)} == others.keys()
        assert jobs.counts(session, moment(quiet)) == (len(others), 0, 0, 0)


def test_an_entry_that_was_applied_before_wants_nothing(row: JobScenario) -> None:
    row.request_revision(7, at=0)
    row.finish(row.lease_job(at=10), revision=7)

    row.request_revision(7, at=20)
    row.request_revision(6, at=20)

    assert not row.is_due(at=100)


def test_a_sent_job_is_due_again_where_no_worker_takes_it_up(row: JobScenario) -> None:
    row.request_revision(1, at=0)
    row.send(at=10)

    assert not row.is_due(at=10 + RESEND_AFTER.total_seconds() - 1)
    assert row.is_due(at=10 + RESEND_AFTER.total_seconds())


def test_marking_a_job_as_sent_does_not_put_off_a_run_that_was_quicker(row: JobScenario) -> None:
    row.request_revision(1, at=0)
    with row.database.snapshot() as session:
        due = jobs.due(session, moment(10))
    row.finish(row.lease_job(at=10), revision=1)
    row.request_revision(2, at=11)

    with row.database.write() as session:
        jobs.mark_sent(session, due, moment(11))

    assert row.is_due(at=11 + quiet)


def test_a_run_can_be_asked_for_before_anything_was_written(row: JobScenario) -> None:
    row.request_run(at=0, afresh=False)

    assert row.is_due(at=0)
    row.finish(row.lease_job(at=0), revision=0)
    assert not row.is_due(at=100)


def test_asking_does_not_wait_for_quiet_and_does_not_disturb_a_run(row: JobScenario) -> None:
    row.request_revision(1, at=0)
    row.request_run(at=1, afresh=True)
    assert row.is_due(at=1)

    lease = row.lease_job(at=1)
    row.request_run(at=2, afresh=True)
    assert row.finish(lease, revision=1)
    assert not row.is_due(at=100)
