"""Consumes the journal's streams. A periodic sweep finds lost messages; the dispatcher sends due jobs."""

import logging
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from types import FrameType

import redis
from pydantic import ValidationError

from chassis.background.loop import BackgroundLoop
from chassis.database import migrations, startup
from chassis.database.chunked_deletes import delete_all
from chassis.database.engine import Database
from chassis.journal.retryable import raise_if_retryable
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
"""Seconds between sweeps, which bound the delay after a lost message."""
BACKOFF = (0.1, 0.2, 0.5, 1.0)
"""Seconds between attempts while Redis, the feed or the database is unavailable."""

Handler = Callable[[Sequence[StreamMessage]], bool]
"""Applies a batch; returns False if a sweep has to apply the rest of it."""


def handlers(settings: Settings, reader: JournalReader) -> Mapping[str, Handler]:
    """Returns the handler of each stream."""
    return {journal_stream(partition): reader.apply_messages for partition in range(settings.stream_partitions)}


class SweepLoop(BackgroundLoop):
    """Looks for entries whose messages were lost: when woken, and every SWEEP_EVERY seconds."""

    def __init__(self, sweep: Callable[[], int]) -> None:
        super().__init__("sweep", SWEEP_EVERY, BACKOFF)
        self._sweep = sweep

    def work(self) -> None:
        """Sweeps once."""
        missing = self._sweep()
        metrics.last_sweep.set_to_current_time()
        if missing:
            log.info("sweep found unannounced entries", extra={"entries": missing})


class StreamLoop(BackgroundLoop):
    """Reads one stream. A batch that could not be applied because something is unavailable is applied again."""

    def __init__(self, client: redis.Redis, stream: str, handler: Handler, sweep: SweepLoop) -> None:
        super().__init__(stream, 0, BACKOFF)  # no pause: a read waits for messages itself
        self._source = StreamReader(client, [stream], READER_GROUP)
        self._handler = handler
        self._sweep = sweep
        self._batch: list[StreamMessage] = []
        """Messages that were read and are not applied yet."""
        self._may_have_missed = False

    def work(self) -> None:
        """Applies the batch, or else the next one. Raises if Redis, the feed or the database is unavailable."""
        if not self._batch:
            self._batch = self._read()
        if self._batch and not self._apply():
            self._sweep.wake()
        self._batch = []

    def _read(self) -> list[StreamMessage]:
        try:
            messages = self._source.read()
        except Exception:
            self._may_have_missed = True
            raise
        if self._may_have_missed or messages is None:
            self._may_have_missed = False
            self._sweep.wake()
        return [decoded for message in messages or () if (decoded := _decode(message))]

    def _apply(self) -> bool:
        """Returns False if a sweep has to apply the rest."""
        try:
            return self._handler(self._batch)
        except Exception as error:
            raise_if_retryable(error)
            # Repeated, it would hold up every ledger of this stream; a sweep applies each of them alone.
            log.exception("batch skipped")
            return False


class Consumer:
    """One thread for each stream, and one for the sweep."""

    def __init__(self, client: redis.Redis, handlers: Mapping[str, Handler], sweep: Callable[[], int]) -> None:
        sweep_loop = SweepLoop(sweep)
        self._loops: list[BackgroundLoop] = [
            *(StreamLoop(client, stream, handler, sweep_loop) for stream, handler in handlers.items()),
            sweep_loop,
        ]

    def start(self) -> None:
        """Starts with a sweep, since messages may have been lost while no consumer ran."""
        for loop in self._loops:
            loop.start()

    def stop(self) -> None:
        """Stops after the current batches."""
        for loop in self._loops:
            loop.ask_to_stop()
        for loop in self._loops:
            loop.join()


def _decode(message: StreamFields) -> StreamMessage | None:
    try:
        return StreamMessage.decode(message)
    except (ValidationError, ValueError, KeyError):
        # Foreign, or of a later version. The sweep compares heads, so no entry is lost.
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
    dispatcher = JobDispatcher(database, settings.broker_url)
    done = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        done.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    consumer.start()
    parts.reader.stragglers.start()
    dispatcher.start()
    maintenance.start()
    log.info("listening")
    done.wait()
    maintenance.stop()
    dispatcher.stop()
    parts.reader.stragglers.stop()
    consumer.stop()
    stream_redis.close()
    parts.effects.close()
    database.close()


if __name__ == "__main__":
    main()
