"""Which other origins' pages may read our answers: those that the operator has named, and no others."""

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
"""Headers of an answer that such a page may see."""

ACCEPTED = (
    ours.CLIENT,
    ours.MIN_REVISION,
    ours.IDEMPOTENCY_KEY,
    ours.REQUEST_ID,
    *("Authorization", "Content-Type", "If-Match", "If-None-Match", "Last-Event-ID"),
)
"""Headers of a request that such a page may send."""

_MAX_AGE = b"600"
"""Seconds for which a browser need not ask again."""


class Cors:
    """Answers for a list of origins; `*` is not among them, for it does not go together with cookies."""

    def __init__(self, allowed: frozenset[str]) -> None:
        self._headers = {origin.encode(): _response_headers(origin.encode()) for origin in allowed}

    def headers(self, origin: bytes | None) -> list[Pair]:
        """What any answer says to a page of that origin."""
        return self._headers.get(origin, []) if origin and self._headers else []

    @staticmethod
    def is_preflight(method: str, fields: Mapping[bytes, bytes]) -> bool:
        """Whether a browser asks beforehand."""
        return method == "OPTIONS" and b"origin" in fields and b"access-control-request-method" in fields

    def preflight(self, origin: bytes) -> list[Pair]:
        """What such a request is told beyond `headers`; nothing to those that may not."""
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
