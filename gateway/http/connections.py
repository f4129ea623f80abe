"""Limits open client connections, in total, so that descriptors never run out, and for each network."""

import json
import logging
import time
from collections import Counter

from chassis.errors import Problem, TooManyRequests, Unavailable
from gateway import metrics
from gateway.client_addresses import TrustedProxies, network_key

log = logging.getLogger(__name__)

RESERVED = 200
"""File descriptors for everything but client connections and the upstream requests made for them."""
LOG_INTERVAL = 10.0
"""Seconds between two log lines about refusals."""
RETRY_AFTER = 5

_HEAD = "HTTP/1.1 {status}\r\nContent-Type: application/problem+json\r\nConnection: close\r\nRetry-After: {after}\r\n"


def _refusal(problem: Problem) -> bytes:
    body = json.dumps(problem.document())
    status = f"{problem.status.value} {problem.status.phrase}"
    head = _HEAD.format(status=status, after=RETRY_AFTER)
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


_OF_NETWORK = _refusal(TooManyRequests(RETRY_AFTER))
_OF_ALL = _refusal(Unavailable(retry_after=RETRY_AFTER))


class ConnectionLimits:
    """Counts open connections. Not thread-safe: used on the event loop only."""

    def __init__(self, total: int, per_network: int, descriptors: int, proxies: TrustedProxies) -> None:
        """`each` bounds one network address; trusted proxies are exempt. `descriptors` is the limit of the process."""
        # Each client may need two: its own connection, and one to a service.
        self.total = max(1, min(total, (descriptors - RESERVED) // 2))
        self._per_network = per_network
        self._proxies = proxies
        self._open: Counter[str] = Counter()
        self._count = 0
        self._logged_at = float("-inf")
        if self.total < total:
            log.warning(
                "fewer connections than configured: too few file descriptors",
                extra={"connections": self.total, "wanted": total, "descriptors": descriptors},
            )

    def open(self, address: str) -> bytes | None:
        """Counts a connection and returns None; or returns the HTTP response of a refusal, and counts nothing."""
        network = network_key(address)
        if self._count >= self.total:
            return self._refuse("all", _OF_ALL)
        if self._open[network] >= self._per_network and not self._proxies.trusts(address):
            return self._refuse("network", _OF_NETWORK)
        self._open[network] += 1
        self._count += 1
        metrics.connections.set(self._count)
        return None

    def close(self, address: str) -> None:
        """Called once for each connection that was counted."""
        network = network_key(address)
        self._count -= 1
        self._open[network] -= 1
        if not self._open[network]:
            del self._open[network]
        metrics.connections.set(self._count)

    def _refuse(self, reason: str, response: bytes) -> bytes:
        metrics.refused_connections.labels(reason).inc()
        now = time.monotonic()
        if now - self._logged_at >= LOG_INTERVAL:
            self._logged_at = now
            log.warning(
                "new connections are refused", extra={"reason": reason, "open": self._count, "most": self.total}
            )
        return response
