"""Metrics of the gateway, beside those of every process (chassis/process/metrics.py)."""

from prometheus_client import Counter, Gauge

cache_responses = Counter("outlay_cache_answers", "Requests for responses that may be cached.", ["result"])
failures = Counter("outlay_upstream_failures", "Requests to which a service did not respond.", ["service", "kind"])
refused_tokens = Counter("outlay_refused_tokens", "Requests with a token that is no longer valid.", ["reason"])
identity_read = Gauge("outlay_identity_read_timestamp_seconds", "Time of the last read of the identity journal.")
connections = Gauge("outlay_connections", "Open connections of clients.")
refused_connections = Counter("outlay_refused_connections", "Connections of clients that were refused.", ["reason"])
