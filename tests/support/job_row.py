"""The functions of jobs as a story tells them: one ledger's row, by seconds since the story's start."""

import datetime as dt
from uuid import uuid4

from chassis.database.engine import Database
from contracts.ids import LedgerId
from services.insights.insights import jobs
from services.insights.insights.jobs import JobLease, JobState

START = dt.datetime(2026, 11, 22, 12, 0, 0, tzinfo=dt.UTC)
DAY = START.date()


class JobScenario:
    """Each call is a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.ledger = LedgerId(uuid4())

    def request_revision(self, revision: int, at: float, ledger: LedgerId | None = None) -> None:
        with self.database.write() as session:
            jobs.request(session, {ledger or self.ledger: revision}, moment(at))

    def request_run(self, at: float, *, afresh: bool) -> None:
        with self.database.write() as session:
            jobs.request_run(session, LedgerId(self.ledger), moment(at), afresh=afresh)

    def restart(self, at: float) -> None:
        with self.database.write() as session:
            jobs.restart(session, LedgerId(self.ledger), moment(at))

    def is_due(self, at: float) -> bool:
        with self.database.snapshot() as session:
            return [job.ledger for job in jobs.due(session, moment(at))] == [self.ledger]

    def send(self, at: float) -> None:
        with self.database.snapshot() as session:
            due = jobs.due(session, moment(at))
        with self.database.write() as session:
            jobs.mark_sent(session, due, moment(at))

    def lease(self, at: float) -> JobLease | None:
        with self.database.write() as session:
            return jobs.acquire(session, LedgerId(self.ledger), moment(at))

    def lease_job(self, at: float) -> JobLease:
        lease = self.lease(at)
        assert lease is not None
        return lease

    def renew(self, lease: JobLease, at: float) -> bool:
        with self.database.write() as session:
            return jobs.renew(session, lease, moment(at))

    def finish(self, lease: JobLease, revision: int) -> bool:
        with self.database.write() as session:
            return jobs.finish(session, lease, revision, DAY)

    def fail(self, lease: JobLease, at: float, *, transient: bool = False) -> None:
        with self.database.write() as session:
            jobs.fail(session, lease, moment(at), transient=transient)

    def state(self) -> JobState:
        with self.database.snapshot() as session:
            return jobs.state(session, LedgerId(self.ledger))


def moment(seconds: float) -> dt.datetime:
    return START + dt.timedelta(seconds=seconds)
