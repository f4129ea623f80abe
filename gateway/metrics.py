"""What the gateway counts beyond what every process does (chassis/metrics.py)."""

from prometheus_client import Counter

answers = Counter("outlay_cache_answers", "Requests for answers that may be ready.", ["result"])
failures = Counter("outlay_upstream_failures", "Requests that a service did not answer.", ["service", "kind"])
