"""The worker door: `python -m services.insights.tasks`. Each task is a few lines that call the same service.

Nothing is opened when this is imported: the broker's address is set when the worker starts, and each process of the
pool builds its parts on first use.
"""

import sys
from argparse import ArgumentParser
from logging import WARNING, getLogger
from typing import Any
from uuid import UUID

from celery import signals
from pydantic import ValidationError

from chassis.process import logging
from chassis.process.clock import require_set
from chassis.process.logging import request_id
from contracts.ids import LedgerId
from services.insights import worker_metrics
from services.insights.insights.broker import HEARTBEAT, REQUEST_ID, RUN, celery_app
from services.insights.settings import WorkerSettings

app = celery_app()


@app.task(name=RUN, bind=True)  # type: ignore[untyped-decorator]  # Celery publishes no types
def run_insights(task: Any, ledger: str) -> None:  # noqa: ANN401 - as above
    """Computes and words one ledger's insights, if a run is still requested."""
    from services.insights import worker  # noqa: PLC0415 - after worker_metrics has chosen where to count

    request_id.set(task.request.get(REQUEST_ID))
    worker.current().runner.run(LedgerId(UUID(ledger)))


@app.task(name=HEARTBEAT, bind=True)  # type: ignore[untyped-decorator]  # as above
def beat(task: Any) -> None:  # noqa: ANN401 - as above
    """Records a heartbeat from the pool itself, which a hanging process cannot send."""
    from services.insights import metrics  # noqa: PLC0415 - as above

    request_id.set(task.request.get(REQUEST_ID))
    metrics.heartbeat.set_to_current_time()


@signals.setup_logging.connect  # type: ignore[untyped-decorator]  # as above
def _log_as_we_do(**_: object) -> None:
    logging.configure("insights-worker", _settings().log_level)
    for told_anyway in ("celery.worker.strategy", "celery.app.trace"):
        # Two lines a task, each heartbeat among them; the runner logs what matters, failures stay.
        getLogger(told_anyway).setLevel(WARNING)


@signals.worker_init.connect  # type: ignore[untyped-decorator]  # as above
def _prepare(**_: object) -> None:
    worker_metrics.prepare(_settings())
    from services.insights import worker  # noqa: PLC0415 - loaded once, shared by the pool

    worker.require_known_schema(_settings())


@signals.worker_ready.connect  # type: ignore[untyped-decorator]  # as above
def _serve_metrics(**_: object) -> None:
    worker_metrics.serve(_settings())


@signals.worker_process_shutdown.connect  # type: ignore[untyped-decorator]  # as above
def _forget_process(pid: int, **_: object) -> None:
    worker_metrics.remove_process(pid)


@signals.worker_shutdown.connect  # type: ignore[untyped-decorator]  # as above
def _clean(**_: object) -> None:
    worker_metrics.clean()


def _settings() -> WorkerSettings:
    try:
        return WorkerSettings()
    except ValidationError as error:
        # Celery logs a handler's errors and goes on; a worker without settings must not.
        raise SystemExit(str(error)) from error


def main() -> None:
    """Runs until SIGTERM, as Celery's `worker` command would; that one imports a shell to type in too, of 11 MB.

    Its pool is of processes, since threads ignore time limits.
    """
    require_set()
    options = ArgumentParser(prog="services.insights.tasks", description="Works on insights.")
    options.add_argument("--concurrency", type=int, default=1, help="processes of the pool")
    concurrency = options.parse_args().concurrency
    app.conf.broker_url = _settings().broker_url.get_secret_value()
    worker = app.Worker(
        concurrency=concurrency,
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    sys.exit(worker.exitcode)


if __name__ == "__main__":
    main()
