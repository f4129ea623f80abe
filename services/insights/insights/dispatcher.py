"""Sends due jobs to the worker every second. The database decides what is due; no Celery beat or countdown."""

import datetime as dt
import time

from chassis.background.loop import BackgroundLoop
from chassis.database.engine import Database
from chassis.process.secret_urls import SecretUrlValue, reveal
from services.insights import metrics
from services.insights.insights import jobs
from services.insights.insights.broker import JobSender

TICK = 1.0
HEARTBEAT_EVERY = 15.0


class JobDispatcher(BackgroundLoop):
    """One thread of the consumer's process. Several dispatchers only send twice, which a job's lease allows for."""

    def __init__(self, database: Database, broker_url: SecretUrlValue | str, interval: float = TICK) -> None:
        super().__init__("job dispatcher", interval)
        self._database = database
        self._sender = JobSender(reveal(broker_url))
        self._heartbeat_at = 0.0

    def stop(self) -> None:
        """Stops after the current round, and closes the connections."""
        super().stop()
        self.close()

    def close(self) -> None:
        """Closes the connections of a dispatcher that was never started."""
        self._sender.close()

    def work(self) -> None:
        """Sends what is due, and at times a heartbeat."""
        self.tick()
        self.beat()

    def tick(self) -> int:
        """Sends due jobs, and returns their number. Raises if broker or database is unavailable; the jobs stay due."""
        now = dt.datetime.now(dt.UTC)
        with self._database.snapshot() as session:
            due = jobs.due(session, now)
            counts = jobs.counts(session, now)
        metrics.jobs_due.set(counts.due)
        metrics.jobs_failed.set(counts.given_up)
        # No transaction is open during calls to Redis. A job is marked as sent only after it was sent.
        due = due[: self._sender.room()] if due else due
        for job in due:
            self._sender.run(job.ledger)
        if due:
            with self._database.write() as session:
                jobs.mark_sent(session, due, now)
        return len(due)

    def beat(self) -> None:
        """Requests a worker's heartbeat, every HEARTBEAT_EVERY seconds."""
        if time.monotonic() >= self._heartbeat_at:
            if self._sender.room():
                self._sender.heartbeat()
            self._heartbeat_at = time.monotonic() + HEARTBEAT_EVERY
