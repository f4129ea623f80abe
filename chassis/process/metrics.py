"""Prometheus metrics of any process, served on a separate port."""

from prometheus_client import Counter, Gauge, Histogram, start_http_server

from chassis.process.settings import ProcessSettings

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

requests = Counter("outlay_http_requests", "Number of HTTP requests.", ["method", "route", "status"])
duration = Histogram("outlay_http_request_duration_seconds", "Duration of HTTP requests.", ["route"], buckets=BUCKETS)
not_announced = Gauge("outlay_entries_not_announced", "Journal entries that are not published yet.")
not_announced_since = Gauge(
    "outlay_not_announced_since_timestamp_seconds", "Time of the oldest unpublished journal entry; 0 without one."
)
announced = Counter("outlay_entries_announced", "Journal entries published to the stream.")
applied = Counter("outlay_entries_applied", "Journal entries applied to the totals.", ["by"])
behind = Gauge("outlay_entries_behind", "Journal entries that the last sweep found missing.")
rebuilds = Counter("outlay_rebuilds", "Ledgers rebuilt from the start of their journal.")
ledgers_behind = Gauge("outlay_ledgers_behind", "Ledgers that the last sweep found behind.")
parked = Gauge("outlay_ledgers_parked", "Parked ledgers: an entry cannot be applied.")
last_sweep = Gauge("outlay_last_sweep_timestamp_seconds", "Time of the end of the last sweep.")


def serve(settings: ProcessSettings) -> None:
    """Starts the metrics server of this process in a thread, unless its port is 0."""
    if settings.metrics_port:
        start_http_server(settings.metrics_port, settings.metrics_host)
