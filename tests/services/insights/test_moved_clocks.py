"""The clock is moved and put right again: insights, audits and rebuilds go on as if it had not been."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.database.engine import Database, table_of
from chassis.errors import Conflict
from services.insights.components import InsightsComponents
from services.insights.insights import jobs
from services.insights.insights.jobs import DEBOUNCE, LEASE_DURATION, MAX_DEBOUNCE
from services.insights.operations.report import status
from services.insights.projections import audit_repository
from services.insights.projections.audit import AGAIN_AFTER, AuditOutcome
from services.insights.projections.checkpoints import CHECKPOINTS
from services.insights.tables import AuditRow, JobRow, ProjectionBuildRow, SweepRow
from tests.support.job_row import JobScenario, moment
from tests.support.ledger_services import LedgerUser
from tests.support.outlay import Outlay

HOURS, YEAR = 2 * 3_600.0, 365 * 86_400.0
ahead = pytest.mark.parametrize("by", [HOURS, YEAR], ids=["two hours", "a year"])
quiet, longest, lease_life = (span.total_seconds() for span in (DEBOUNCE, MAX_DEBOUNCE, LEASE_DURATION))


@pytest.fixture
def row(database: Database) -> JobScenario:
    return JobScenario(database)


@ahead
def test_a_run_wanted_by_a_clock_ahead_is_due_at_once(row: JobScenario, by: float) -> None:
    row.request_revision(1, at=by)

    assert row.is_due(at=0)
    assert row.finish(row.lease_job(at=0), revision=1)


@ahead
def test_writes_wait_for_quiet_no_longer_because_the_first_seems_to_lie_in_the_future(
    row: JobScenario, by: float
) -> None:
    row.request_revision(1, at=by)
    for second in range(60):
        row.request_revision(second + 2, at=second)
        if row.is_due(at=second + 0.5):
            break

    assert longest - quiet <= second <= longest


@ahead
def test_a_lease_given_by_a_clock_ahead_delays_no_other_worker_and_its_holder_stores_nothing_twice(
    row: JobScenario, by: float
) -> None:
    row.request_revision(1, at=by - 60)
    holder = row.lease_job(at=by)

    successor = row.lease_job(at=0)

    assert not row.renew(holder, at=1)
    assert not row.finish(holder, revision=1)
    assert row.finish(successor, revision=1)


@ahead
def test_a_lease_is_kept_by_a_clock_behind_only_until_it_would_have_ended(row: JobScenario, by: float) -> None:
    row.request_revision(1, at=-by - 60)
    sleeper = row.lease_job(at=-by)

    assert row.is_due(at=lease_life - by)
    assert row.lease_job(at=0).attempt == 2, "it has long ended"
    assert not row.renew(sleeper, at=1)


@ahead
def test_a_failure_noted_by_a_clock_ahead_is_tried_again(row: JobScenario, by: float) -> None:
    row.request_revision(1, at=by - 60)
    row.fail(row.lease_job(at=by), at=by)

    assert row.is_due(at=0)
    with row.database.snapshot() as session:
        assert jobs.counts(session, moment(0)) == (1, 0, 0, 0)


def test_a_row_made_anew_honours_no_token_of_the_one_before(row: JobScenario) -> None:
    row.request_revision(1, at=0)
    before = row.lease_job(at=10)
    with row.database.write() as session:
        session.execute(sa.delete(table_of(JobRow)))
    row.request_revision(1, at=0)
    after = row.lease_job(at=10)

    assert not row.finish(before, revision=1)
    assert row.finish(after, revision=1)


@ahead
def test_an_audit_noted_by_a_clock_ahead_does_not_put_off_the_next(
    user: LedgerUser, components: tuple[InsightsComponents, Database], by: float
) -> None:
    user.record("5", spent_on="2026-05-05")
    user.totals.get("/api/v1/summary?from=2026-01-01&to=2026-12-31", Outlay_Min_Revision="2")
    audit, database = components[0].audit, components[1]
    assert audit.run(user.ledger) is AuditOutcome.AGREED
    now = datetime.now(UTC)

    def due() -> bool:
        with database.snapshot() as session:
            return user.account in audit_repository.due(session, now, AGAIN_AFTER, 1_000)

    assert not due()
    with database.write() as session:
        session.execute(sa.update(AuditRow).values(audited_at=now + timedelta(seconds=by)))
    assert due()


def test_figures_that_were_cleared_away_while_they_were_rebuilt_are_not_shown(
    user: LedgerUser, components: tuple[InsightsComponents, Database]
) -> None:
    user.record("5", spent_on="2026-05-05")
    rebuild = components[0].rebuild
    before = _summary(user)

    def jump(done: int, head: int) -> None:
        if done == head:
            rebuild.delete_abandoned(datetime.now(UTC) + timedelta(days=365))

    with pytest.raises(Conflict):
        rebuild.run(user.ledger, jump)

    assert _summary(user) == before
    assert rebuild.run(user.ledger) == before["revision"]
    assert components[0].audit.run(user.ledger) is AuditOutcome.AGREED


def test_a_build_begun_by_a_clock_ahead_is_deleted_as_well(
    user: LedgerUser, components: tuple[InsightsComponents, Database]
) -> None:
    user.record("5", spent_on="2026-05-05")
    _summary(user)
    rebuild, database = components[0].rebuild, components[1]
    with database.write() as session:
        standing = CHECKPOINTS.position(session, user.ledger)
        assert standing
        later = datetime.now(UTC) + timedelta(days=365)
        session.add(ProjectionBuildRow(ledger=user.account, generation=1, begun_at=later))

    rebuild.delete_abandoned(datetime.now(UTC))

    with database.snapshot() as session:
        assert session.scalars(sa.select(ProjectionBuildRow)).all() == []


def test_the_status_says_that_a_moment_lies_in_the_future(
    outlay: Outlay, components: tuple[InsightsComponents, Database]
) -> None:
    components[0].operations.sweep()
    later = datetime.now(UTC) + timedelta(days=365)
    with components[1].write() as session:
        session.execute(sa.update(SweepRow).values(ended_at=later))

    said = outlay("status").line("Last sweep")

    assert f"at {later:%Y-%m-%d %H:%M} UTC, which is in the future: was this machine's clock put back?" in said
    assert list(status(components[0].operations.status(later), later)), "and nothing else fails"


def _summary(user: LedgerUser) -> Any:
    found = user.totals.get("/api/v1/summary?from=2026-01-01&to=2026-12-31", Outlay_Min_Revision="2")
    assert found.status == 200, found.body
    return found.json
