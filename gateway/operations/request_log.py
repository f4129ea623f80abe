"""One log line and two metrics for each request. A separate thread writes the lines in batches."""

import logging
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from typing import IO

import orjson
from prometheus_client import Counter, Histogram

from chassis.process import metrics
from gateway.request_context import RequestContext
from gateway.routes import HEALTH, METHODS

FLUSH_INTERVAL = 0.2
"""Seconds between two writes: a crash may lose the lines of that time."""
MAX_LINES = 100_000
"""Lines that are queued at most; beyond that the oldest are dropped."""
MAX_PATH_LENGTH = 200

log = logging.getLogger("outlay.request")


class LineWriter:
    """Writes lines without making the event loop wait for the reader of standard output."""

    def __init__(self, stream: IO[bytes] | None = None) -> None:
        self._stream = stream or sys.stdout.buffer
        self._lines: deque[bytes] = deque(maxlen=MAX_LINES)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="request log", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Writes the remaining lines, and stops."""
        self._stopped.set()
        self._thread.join(timeout=2)

    def add(self, line: dict[str, object]) -> None:
        """Queues one line."""
        self._lines.append(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))

    def _run(self) -> None:
        stopping = False
        while not stopping:
            stopping = self._stopped.wait(FLUSH_INTERVAL)
            gathered = [self._lines.popleft() for _ in range(len(self._lines))]
            if gathered:
                # For example a full disk: these lines are lost, later ones may succeed.
                with suppress(OSError):
                    self._stream.write(b"".join(gathered))
                    self._stream.flush()


class RequestLog:
    """Records every request except health checks."""

    def __init__(self, lines: LineWriter) -> None:
        self._lines = lines
        self._logs = log.isEnabledFor(logging.INFO)
        self._requests: dict[tuple[str, str, int], Counter] = {}
        self._durations: dict[str, Histogram] = {}

    def record(self, context: RequestContext) -> None:
        """Records a finished request."""
        if context.path in HEALTH:
            return
        seconds = time.perf_counter() - context.started
        self._count(context, seconds)
        if self._logs:
            self._lines.add(_line(context, seconds))

    def _count(self, context: RequestContext, seconds: float) -> None:
        method = context.method if context.method in METHODS else "other"
        key = (method, context.label, context.status)
        counter = self._requests.get(key)
        if counter is None:
            counter = self._requests[key] = metrics.requests.labels(method, context.label, str(context.status))
        counter.inc()
        if context.route is not None and context.route.live:
            return  # lasts as long as its client is connected
        duration = self._durations.get(context.label)
        if duration is None:
            duration = self._durations[context.label] = metrics.duration.labels(context.label)
        duration.observe(seconds)


def _line(context: RequestContext, seconds: float) -> dict[str, object]:
    """Without the query, which may hold a search text."""
    line: dict[str, object] = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": "info",
        "process": "gateway",
        "event": "request",
        "request_id": context.request_id,
        "method": context.method,
        "path": context.path[:MAX_PATH_LENGTH],
        "status": context.status,
        "duration_ms": round(seconds * 1000, 2),
    }
    if context.cache is not None:
        line["cache"] = context.cache
    return line
