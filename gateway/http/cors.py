"""CORS: which other origins' pages may read responses. Only those that the operator has configured."""

from collections.abc import Mapping

from contracts import headers as ours
from gateway.routes import METHODS

Pair = tuple[bytes, bytes]

EXPOSED = (
    ours.REVISION,
    ours.ACTION,
    ours.REQUEST_ID,
    ours.IDEMPOTENT_REPLAYED,
    ours.PARKED_REVISION,
    *("Cache-Status", "Content-Disposition", "ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After"),
)
"""Response headers that such a page may read."""

ACCEPTED = (
    ours.CLIENT,
    ours.MIN_REVISION,
    ours.IDEMPOTENCY_KEY,
    ours.REQUEST_ID,
    *("Authorization", "Content-Type", "If-Match", "If-None-Match", "Last-Event-ID"),
)
"""Request headers that such a page may send."""

_MAX_AGE = b"600"
"""Seconds for which a browser caches a preflight response."""


class Cors:
    """CORS headers for a list of origins; `*` is not allowed, since it excludes cookies."""

    def __init__(self, allowed: frozenset[str]) -> None:
        self._headers = {origin.encode(): _response_headers(origin.encode()) for origin in allowed}

    def headers(self, origin: bytes | None) -> list[Pair]:
        """Returns the headers of any response to a page of that origin."""
        return self._headers.get(origin, []) if origin and self._headers else []

    @staticmethod
    def is_preflight(method: str, fields: Mapping[bytes, bytes]) -> bool:
        """Whether the request is a preflight."""
        return method == "OPTIONS" and b"origin" in fields and b"access-control-request-method" in fields

    def preflight(self, origin: bytes) -> list[Pair]:
        """Returns the further headers of a preflight response; none for other origins."""
        if origin not in self._headers:
            return []
        return [
            (b"access-control-allow-methods", ", ".join(sorted(METHODS)).encode()),
            (b"access-control-allow-headers", ", ".join(ACCEPTED).encode()),
            (b"access-control-max-age", _MAX_AGE),
        ]


def _response_headers(origin: bytes) -> list[Pair]:
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-expose-headers", ", ".join(EXPOSED).encode()),
    ]
