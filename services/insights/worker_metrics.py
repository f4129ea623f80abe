"""Metrics of a worker whose pool is several processes.

The parent serves them, so that one port is enough for a pool of any size, also after a child has died; the children
count in files that prometheus_client shares between processes. Their folder has to be known before that package is
first imported, which is why it is imported inside functions here.
"""

import os
import resource
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chassis.process.settings import ProcessSettings

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def prepare(settings: ProcessSettings) -> None:
    """Chooses the folder, in the parent, before the pool forks. An unscraped worker counts for itself alone."""
    if settings.metrics_port:
        os.environ[_FOLDER] = tempfile.mkdtemp(prefix="outlay-worker-metrics-")


def serve(settings: ProcessSettings) -> None:
    """Starts the metrics server of the parent, once the pool stands."""
    if not settings.metrics_port:
        return
    from prometheus_client import CollectorRegistry, start_http_server  # noqa: PLC0415 - see above
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415 - see above

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # it registers itself
    registry.register(_Memory())
    start_http_server(settings.metrics_port, settings.metrics_host, registry=registry)


class _Memory:
    """What prometheus_client leaves out where several processes count, under the name that single ones have it."""

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - see above

        try:
            size = _resident()
        except OSError:  # not on Linux, or one of the pool has ended just now
            return
        yield GaugeMetricFamily("process_resident_memory_bytes", "Resident memory of parent and pool together.", size)


def _resident() -> int:
    """Bytes; pages that parent and pool share count for each."""
    pool = "".join(file.read_text("ascii") for file in Path("/proc/self/task").glob("*/children")).split()
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) for pid in ("self", *pool))
    return pages * resource.getpagesize()


def remove_process(pid: int) -> None:
    """A process of the pool has ended; what it counted stays."""
    if _FOLDER in os.environ:
        from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - see above

        mark_process_dead(pid)  # type: ignore[no-untyped-call]  # as above


def clean() -> None:
    """Removes the folder."""
    if folder := os.environ.pop(_FOLDER, None):
        shutil.rmtree(folder, ignore_errors=True)
