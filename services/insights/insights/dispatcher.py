"""Every second, sends due jobs to the worker. No beat, no countdowns: what is due is in the database."""

import datetime as dt
import logging
import threading
import time

from kombu.exceptions import OperationalError
from redis import RedisError
from sqlalchemy.exc import DBAPIError

from chassis.database.engine import Database
from chassis.process.secret_urls import SecretUrlValue, reveal
from services.insights import metrics
from services.insights.insights import jobs
from services.insights.insights.broker import JobSender

log = logging.getLogger(__name__)

TICK = 1.0
HEARTBEAT_EVERY = 15.0


class JobDispatcher:
    """One thread of the consumer's process. Several clocks only send twice, which a job's lease puts up with."""

    def __init__(self, database: Database, broker_url: SecretUrlValue | str, interval: float = TICK) -> None:
        self._database = database
        self._interval = interval
        self._sender = JobSender(reveal(broker_url))
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock", daemon=True)
        self._heartbeat_at = 0.0

    def start(self) -> None:
        """Begins to tick."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the tick in hand."""
        self._stopped.set()
        self._thread.join(timeout=5)
        self.close()

    def close(self) -> None:
        """Closes the connections of a clock that was never started."""
        self._sender.close()

    def tick(self) -> int:
        """Sends what is due; how many jobs. Raises where the broker or the database is away: nothing is lost."""
        now = dt.datetime.now(dt.UTC)
        with self._database.snapshot() as session:
            due = jobs.due(session, now)
            counts = jobs.counts(session, now)
        metrics.jobs_due.set(counts.due)
        metrics.jobs_failed.set(counts.given_up)
        # No transaction is open while Redis is talked to. A job is noted as sent only after it was.
        due = due[: self._sender.room()] if due else due
        for job in due:
            self._sender.run(job.ledger)
        if due:
            with self._database.write() as session:
                jobs.mark_sent(session, due, now)
        return len(due)

    def beat(self) -> None:
        """Asks the worker for a sign of life, every HEARTBEAT_EVERY seconds."""
        if time.monotonic() >= self._heartbeat_at:
            if self._sender.room():
                self._sender.heartbeat()
            self._heartbeat_at = time.monotonic() + HEARTBEAT_EVERY

    def _run(self) -> None:
        failing = False
        while not self._stopped.wait(self._interval):
            try:
                self.tick()
                self.beat()
            except (OperationalError, RedisError, OSError, DBAPIError) as error:
                if not failing:
                    log.warning("clock waits", extra={"error": repr(error)})
                failing = True
            except Exception:
                # Whatever it is, jobs stay due; a clock that ends would leave them so.
                log.exception("tick failed")
            else:
                if failing:
                    log.info("clock goes on")
                failing = False
