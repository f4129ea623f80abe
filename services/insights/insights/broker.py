"""Celery as a transport of job ids, shared by sender and worker. The job's row is the record, never the queue."""

import uuid

from celery import Celery

from chassis.process.logging import request_id
from contracts.ids import LedgerId

RUN = "insights.run"
HEARTBEAT = "insights.heartbeat"
REQUEST_ID = "outlay_request_id"
"""Task header with the request id under which sender and worker log."""

SOFT_LIMIT = 45
HARD_LIMIT = 60
VISIBILITY = 120
"""Seconds after which an unacknowledged task is redelivered; longer than the hard limit of a task."""
QUEUE = "insights"
KEYS = "outlay:queue:"
"""Prefix of all keys of the queue, so that it can share a Redis with one database."""
MAX_QUEUED = 1_000
"""Limit of queued tasks. Without a worker, jobs wait in the database and not in Redis' memory."""
EXPIRES = 60.0
"""Seconds after which an unstarted task expires, since its job is sent again."""


def celery_app(broker_url: str | None = None) -> Celery:
    """Returns a Celery app whose options bound every wait. Connects on first use.

    A worker that has no address yet sets `broker_url` before it starts.
    """
    app = Celery("outlay", broker=broker_url, set_as_current=False)
    app.conf.update(
        task_serializer="json",
        accept_content=["json"],
        task_default_queue=QUEUE,
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_soft_time_limit=SOFT_LIMIT,
        task_time_limit=HARD_LIMIT,
        task_publish_retry=False,  # the dispatcher tries again
        worker_prefetch_multiplier=1,
        worker_soft_shutdown_timeout=5,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=2,
        broker_transport_options={
            "global_keyprefix": KEYS,
            "visibility_timeout": VISIBILITY,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "socket_connect_timeout": 2,
            "socket_timeout": 10,
            "health_check_interval": 10,
        },
    )
    return app


class JobSender:
    """Sends tasks, each under a request id. Raises OperationalError or RedisError if the broker is unavailable."""

    def __init__(self, broker_url: str) -> None:
        self._app = celery_app(broker_url)

    def room(self) -> int:
        """Returns how many more tasks may be sent."""
        with self._app.pool.acquire(block=True) as connection:
            queue = connection.default_channel.queue_declare(QUEUE, durable=True, auto_delete=False)
        return max(0, MAX_QUEUED - int(queue.message_count))

    def run(self, ledger: LedgerId) -> None:
        """Sends a task to compute a ledger's insights."""
        self._app.send_task(RUN, [str(ledger)], headers=_headers(), expires=EXPIRES)

    def heartbeat(self) -> None:
        """Sends a task that records a worker's heartbeat."""
        self._app.send_task(HEARTBEAT, headers=_headers(), expires=EXPIRES)

    def close(self) -> None:
        """Closes the connections."""
        self._app.close()


def _headers() -> dict[str, str]:
    return {REQUEST_ID: request_id.get() or uuid.uuid4().hex}
