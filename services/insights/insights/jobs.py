"""The insight job of a ledger: one row that provides debouncing, uniqueness and recovery from lost tasks.

A write makes the row due in 5 s, but never later than 30 s after the first write that no run has seen: a burst is
one run. A worker takes a lease with a fencing token; the holder of an older token can neither store nor finish. A
task that is lost, or sent twice, does no harm: the row stays due until its lease is taken, and has one lease.
"""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database.engine import UtcDateTime, insert_for, table_of
from chassis.process.clock import CLOCK_DIFFERENCE
from contracts.ids import LedgerId
from services.insights.tables import JobRow

DEBOUNCE = dt.timedelta(seconds=5)
"""A run waits until this long after the last write …"""
MAX_DEBOUNCE = dt.timedelta(seconds=30)
"""… but at most this long after the first."""
LEASE_DURATION = dt.timedelta(seconds=75)
"""Longer than the hard limit of a task (60 s), so that two tasks never work on a ledger at once."""
RESEND_AFTER = dt.timedelta(seconds=15)
"""Age at which a task that no worker has started counts as lost."""
BACKOFF = (dt.timedelta(seconds=5), dt.timedelta(seconds=30), dt.timedelta(minutes=2), dt.timedelta(minutes=10))
MAX_ATTEMPTS = 5
"""After these the job rests until a new write or a user's request; its insights are shown as stale."""

MAX_PAUSE = max(*BACKOFF, LEASE_DURATION, MAX_DEBOUNCE, RESEND_AFTER)
"""No job is due later than this. One that seems so was stored by a wrong clock, and counts as due."""

_JOBS = table_of(JobRow)


class JobLease(NamedTuple):
    """The right to store one ledger's insights. `requested` is the revision requested when it was acquired."""

    ledger: LedgerId
    fence: int
    requested: int
    attempt: int


class DueJob(NamedTuple):
    """A job to send. `run_after` distinguishes this round from a later one."""

    ledger: LedgerId
    run_after: dt.datetime


class JobState(NamedTuple):
    """The state of a ledger's job, for readers."""

    waiting: bool
    """Whether a run is requested or in progress."""
    given_up: bool


class JobCounts(NamedTuple):
    """Numbers of jobs in all ledgers: due, waiting for their time, running, given up."""

    due: int
    waiting: int
    running: int
    given_up: int


def request(session: Session, revisions: Mapping[LedgerId, int], now: dt.datetime) -> None:
    """Requests runs at new revisions; part of the transaction that applies them."""
    if not revisions:
        return
    soon = _moment(now + DEBOUNCE)
    rows = [_row(ledger, revisions[ledger], now + DEBOUNCE, now) for ledger in sorted(revisions)]
    insert = insert_for(session, _JOBS).values(rows)
    # If the first write has waited for long, `run_after` stays: at most MAX_DEBOUNCE after it.
    late = sa.and_(_JOBS.c.first_unserved_at < now + DEBOUNCE - MAX_DEBOUNCE, _JOBS.c.run_after < soon)
    known = _JOBS.c.first_unserved_at <= now + CLOCK_DIFFERENCE
    changed = {
        "wanted_revision": insert.excluded.wanted_revision,
        "first_unserved_at": sa.case((known, _JOBS.c.first_unserved_at), else_=_moment(now)),
        "run_after": sa.case((late, _JOBS.c.run_after), else_=soon),
        "attempts": 0,
    }
    newer = insert.excluded.wanted_revision > _JOBS.c.wanted_revision
    session.execute(insert.on_conflict_do_update(index_elements=["ledger"], set_=changed, where=newer))


def request_run(session: Session, ledger: LedgerId, now: dt.datetime, *, afresh: bool) -> None:
    """Makes a run due now, for a new day or on a user's request; `afresh` also clears failed attempts."""
    insert = insert_for(session, _JOBS).values(_row(ledger, 0, now, None))
    changed: dict[str, Any] = {"run_after": now} | ({"attempts": 0} if afresh else {})
    idle = _free(now) if afresh else sa.and_(_free(now), _JOBS.c.run_after.is_(None))
    session.execute(insert.on_conflict_do_update(index_elements=["ledger"], set_=changed, where=idle))


def restart(session: Session, ledger: LedgerId, now: dt.datetime) -> None:
    """Restarts the job after its conditions changed: a running worker can store nothing, and another run is due now."""
    insert = insert_for(session, _JOBS).values(_row(ledger, 0, now, None))
    changed = {"run_after": now, "attempts": 0, "leased_until": None, "fence": _JOBS.c.fence + 1}
    session.execute(insert.on_conflict_do_update(index_elements=["ledger"], set_=changed))


def due(session: Session, now: dt.datetime, limit: int = 100) -> list[DueJob]:
    """Returns the jobs to send, the longest waiting first."""
    query = sa.select(_JOBS.c.ledger, _JOBS.c.run_after).where(_is_due(now)).order_by(_JOBS.c.run_after).limit(limit)
    return [DueJob(row.ledger, row.run_after) for row in session.execute(query)]


def mark_sent(session: Session, jobs: Sequence[DueJob], now: dt.datetime) -> None:
    """Marks jobs as sent: they are due again only if no worker starts them."""
    for job in sorted(jobs):
        same_round = sa.and_(_JOBS.c.ledger == job.ledger, _JOBS.c.run_after == job.run_after)
        session.execute(sa.update(_JOBS).where(same_round).values(run_after=now + RESEND_AFTER))


def acquire(session: Session, ledger: LedgerId, now: dt.datetime) -> JobLease | None:
    """Acquires the job's lease; returns None if no run is requested or another worker holds it."""
    free = sa.and_(_JOBS.c.ledger == ledger, _JOBS.c.run_after.is_not(None), _free(now))
    taken = session.execute(
        sa.update(_JOBS)
        .where(free, _JOBS.c.attempts < MAX_ATTEMPTS)
        .values(
            fence=_JOBS.c.fence + 1,
            leased_until=now + LEASE_DURATION,
            # If this worker is never heard of again, the job is due when its lease ends.
            run_after=now + LEASE_DURATION,
            first_unserved_at=None,
            attempts=_JOBS.c.attempts + 1,
        )
        .returning(_JOBS.c.fence, _JOBS.c.wanted_revision, _JOBS.c.attempts)
    ).one_or_none()
    return JobLease(ledger, *taken) if taken else None


def renew(session: Session, lease: JobLease, now: dt.datetime) -> bool:
    """Renews a lease, and locks the row; returns False if another worker has taken over."""
    statement = sa.update(_JOBS).where(_held(lease)).values(leased_until=now + LEASE_DURATION)
    return session.execute(statement.returning(_JOBS.c.ledger)).one_or_none() is not None


def finish(session: Session, lease: JobLease, revision: int, day: dt.date) -> bool:
    """Ends a run that stored its results. The job stays due if a write came after the revision of the run."""
    moved = sa.and_(_moved(lease), _JOBS.c.wanted_revision > revision)
    statement = (
        sa.update(_JOBS)
        .where(_held(lease))
        .values(
            done_revision=revision,
            done_day=day,
            leased_until=None,
            attempts=0,
            run_after=sa.case((moved, _JOBS.c.run_after)),
            first_unserved_at=sa.case((moved, _JOBS.c.first_unserved_at)),
        )
    )
    return session.execute(statement.returning(_JOBS.c.ledger)).one_or_none() is not None


def fail(session: Session, lease: JobLease, now: dt.datetime, *, transient: bool) -> None:
    """Ends a failed run. It is retried later, up to MAX_ATTEMPTS times; transient failures do not count."""
    attempts = lease.attempt - transient
    pause = BACKOFF[min(max(attempts, 1), len(BACKOFF)) - 1]
    session.execute(
        sa.update(_JOBS)
        .where(_held(lease))
        .values(
            leased_until=None,
            attempts=sa.case((_moved(lease), _JOBS.c.attempts), else_=attempts),
            run_after=sa.case((_moved(lease), _JOBS.c.run_after), else_=_moment(now + pause)),
        )
    )


def state(session: Session, ledger: LedgerId) -> JobState:
    """Returns the state of a ledger's job, for readers of its insights."""
    query = sa.select(_JOBS.c.run_after, _JOBS.c.attempts).where(_JOBS.c.ledger == ledger)
    row = session.execute(query).one_or_none()
    if row is None or row.run_after is None:
        return JobState(waiting=False, given_up=False)
    return JobState(waiting=True, given_up=row.attempts >= MAX_ATTEMPTS)


def counts(session: Session, now: dt.datetime) -> JobCounts:
    """Returns counts of jobs, for metrics and operators."""
    tired, running = _JOBS.c.attempts >= MAX_ATTEMPTS, sa.not_(_free(now))
    waiting = sa.and_(sa.not_(_is_time(now)), _free(now), sa.not_(tired))
    given_up = sa.and_(_JOBS.c.run_after.is_not(None), _free(now), tired)
    counted = [sa.func.count().filter(which) for which in (_is_due(now), waiting, running, given_up)]
    query = sa.select(*counted).select_from(_JOBS).where(_JOBS.c.run_after.is_not(None))
    return JobCounts._make(session.execute(query).one())


def _row(
    ledger: LedgerId, required: int, run_after: dt.datetime, first_unserved_at: dt.datetime | None
) -> dict[str, Any]:
    return {
        "ledger": ledger,
        "wanted_revision": required,
        "done_revision": 0,
        "run_after": run_after,
        "first_unserved_at": first_unserved_at,
        # Random: a row that was deleted and created again must not accept an earlier token, whatever the clock says.
        "fence": secrets.randbits(52),
        "attempts": 0,
    }


def _moment(at: dt.datetime) -> sa.BindParameter[dt.datetime]:
    return sa.literal(at, UtcDateTime())


def _free(now: dt.datetime) -> sa.ColumnElement[bool]:
    until = _JOBS.c.leased_until
    return sa.or_(until.is_(None), until <= now, until > now + LEASE_DURATION + CLOCK_DIFFERENCE)


def _is_time(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.or_(_JOBS.c.run_after <= now, _JOBS.c.run_after > now + MAX_PAUSE + CLOCK_DIFFERENCE)


def _is_due(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(_is_time(now), _free(now), _JOBS.c.attempts < MAX_ATTEMPTS)


def _held(lease: JobLease) -> sa.ColumnElement[bool]:
    row = sa.and_(_JOBS.c.ledger == lease.ledger, _JOBS.c.fence == lease.fence)
    return sa.and_(row, _JOBS.c.leased_until.is_not(None))


def _moved(lease: JobLease) -> sa.ColumnElement[bool]:
    """Whether a write came after the lease was acquired. Lower revisions, after a restore, do not count."""
    return _JOBS.c.wanted_revision > lease.requested
