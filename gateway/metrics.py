"""What the gateway counts beyond what every process does (chassis/process/metrics.py)."""

from prometheus_client import Counter, Gauge

cache_responses = Counter("outlay_cache_answers", "Requests for answers that may be ready.", ["result"])
failures = Counter("outlay_upstream_failures", "Requests that a service did not answer.", ["service", "kind"])
refused_tokens = Counter("outlay_refused_tokens", "Requests with a token that was good once.", ["reason"])
identity_read = Gauge("outlay_identity_read_timestamp_seconds", "When the journal of identity was last asked for.")
connections = Gauge("outlay_connections", "Open connections of clients.")
refused_connections = Counter("outlay_refused_connections", "Connections of clients that were refused.", ["reason"])
