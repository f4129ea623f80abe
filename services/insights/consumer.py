"""The stream door: rings are answered at once, the sweep finds what never rang, the clock sends due jobs."""

import logging
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from types import FrameType

import redis
from pydantic import ValidationError

from chassis.database import migrations, startup
from chassis.database.chunked_deletes import delete_all
from chassis.database.engine import Database
from chassis.journal.retryable import is_retryable
from chassis.journal.stream import StreamFields, StreamReader
from chassis.process import collector, descriptors, metrics
from chassis.process import logging as chassis_logging
from chassis.process.clock import require_set
from chassis.projections.reader import JournalReader
from chassis.redis.client import connect
from contracts.journal import READER_GROUP, StreamMessage, journal_stream
from services.insights.components import build
from services.insights.insights.dispatcher import JobDispatcher
from services.insights.llm import spending_limits
from services.insights.llm.repository import prune_calls
from services.insights.migrations import FOLDER
from services.insights.projections.maintenance import ProjectionMaintenance
from services.insights.settings import Settings

log = logging.getLogger(__name__)

SWEEP_EVERY = 30.0
"""Seconds between sweeps, so that a ring that was lost costs no more than that."""
BACKOFF = (0.1, 0.2, 0.5, 1.0)
"""Seconds between tries while Redis, the feed or the database is away."""

Handler = Callable[[Sequence[StreamMessage]], bool]
"""Applies a batch; False where a sweep has to apply the rest of it."""


def handlers(settings: Settings, reader: JournalReader) -> Mapping[str, Handler]:
    """The data flow: which stream goes where."""
    return {journal_stream(partition): reader.apply_messages for partition in range(settings.stream_partitions)}


class Consumer:
    """One thread for each stream, one for the sweep."""

    def __init__(self, client: redis.Redis, handlers: Mapping[str, Handler], sweep: Callable[[], int]) -> None:
        self._redis = client
        self._sweep = sweep
        self._stopped = threading.Event()
        self._sweep_wanted = threading.Event()
        self._threads = [
            threading.Thread(target=self._read, args=item, name=item[0], daemon=True) for item in handlers.items()
        ]
        self._threads.append(threading.Thread(target=self._sweep_periodically, name="sweep", daemon=True))

    def start(self) -> None:
        """Starts with a sweep, since messages may have been lost while no consumer ran."""
        self._sweep_wanted.set()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends after the batches in hand."""
        self._stopped.set()
        self._sweep_wanted.set()
        for thread in self._threads:
            thread.join(timeout=5)

    def _read(self, stream: str, handler: Handler) -> None:
        source = StreamReader(self._redis, [stream], READER_GROUP)
        failures = 0
        while not self._stopped.is_set():
            try:
                messages = source.read()
            except Exception as error:  # noqa: BLE001 - a thread that ended would read no more messages
                failures += 1
                self._wait("redis", failures, error)
                continue
            if failures or messages is None:
                failures = 0
                self._sweep_wanted.set()
            if messages:
                self._handle(handler, [decoded for message in messages if (decoded := _decode(message))])

    def _handle(self, handler: Handler, messages: Sequence[StreamMessage]) -> None:
        failures = 0
        while not self._stopped.is_set():
            try:
                complete = handler(messages)
            except Exception as error:
                if is_retryable(error):
                    failures += 1
                    self._wait("taking in", failures, error)
                    continue
                # Repeated, it would hold up every ledger of this stream; a sweep takes each of them alone.
                log.exception("batch skipped")
                complete = False
            if not complete:
                self._sweep_wanted.set()
            return

    def _sweep_periodically(self) -> None:
        failures = 0
        while not self._stopped.is_set():
            self._sweep_wanted.clear()
            try:
                missing = self._sweep()
            except Exception as error:  # noqa: BLE001 - as above
                failures += 1
                self._wait("sweep", failures, error)
                continue
            failures = 0
            metrics.last_sweep.set_to_current_time()
            if missing:
                log.info("sweep found entries that never rang", extra={"entries": missing})
            self._sweep_wanted.wait(SWEEP_EVERY)

    def _wait(self, what: str, failures: int, error: Exception) -> None:
        if failures == 1:
            log.warning("waiting", extra={"for": what, "error": repr(error)})
        self._stopped.wait(BACKOFF[min(failures, len(BACKOFF)) - 1])


def _decode(message: StreamFields) -> StreamMessage | None:
    try:
        return StreamMessage.decode(message)
    except (ValidationError, ValueError, KeyError):
        # Not one of ours, or of a later version: the sweep compares heads and misses nothing.
        log.warning("message skipped")
        return None


def _prune(database: Database, now: datetime) -> None:
    delete_all(database, partial(prune_calls, now=now))
    with database.write() as session:
        spending_limits.prune(session, now.date())


def main() -> None:
    """Runs until SIGTERM or SIGINT."""
    require_set()
    settings = Settings()
    chassis_logging.configure("insights-consumer", settings.log_level)
    collector.tune()
    descriptors.raise_limit()
    database = Database(settings.database_url, durable=False, pool_size=settings.database_pool_size)
    with startup.exit_on_startup_error(database):
        migrations.upgrade(database, FOLDER)
    metrics.serve(settings)
    parts = build(settings, database)
    stream_redis = connect(settings.redis_url)
    consumer = Consumer(stream_redis, handlers(settings, parts.reader), parts.operations.sweep)
    maintenance = ProjectionMaintenance(parts.rebuild, parts.audit, partial(_prune, database))
    clock = JobDispatcher(database, settings.broker_url)
    done = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        done.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    consumer.start()
    parts.reader.stragglers.start()
    clock.start()
    maintenance.start()
    log.info("listening")
    done.wait()
    maintenance.stop()
    clock.stop()
    parts.reader.stragglers.stop()
    consumer.stop()
    stream_redis.close()
    parts.effects.close()
    database.close()


if __name__ == "__main__":
    main()
