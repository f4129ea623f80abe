"""Ready answers as insights leaves them in Redis, and how the gateway says what it did with them."""

import json
import time

import redis

from chassis.response_cache.cache import ResponseCache
from contracts.ids import LedgerId
from contracts.response_cache import CachedResponse, etag_of, response_field
from tests.support.client import ApiResponse

NOVEMBER = {"from": "2026-11-01", "to": "2026-11-30"}
SUMMARY = "/api/v1/summary?from=2026-11-01&to=2026-11-30"
HIT, MISS, BYPASS = "outlay; hit", "outlay; fwd=miss", "outlay; fwd=bypass"


def store(
    cache: redis.Redis,
    ledger: LedgerId,
    revision: int = 42,
    *,
    path: str = "/api/v1/summary",
    query: dict[str, str] = NOVEMBER,
    age: float = 0,
) -> bytes:
    """Leaves an answer as insights does."""
    body = json.dumps({"total": "12.50", "revision": revision, "of": str(ledger)}).encode()
    field = response_field(path, query)
    assert field
    answers = ResponseCache(cache)
    answers.store(
        ledger, field, CachedResponse(revision, etag_of(body), time.time() - age, body), answers.fence(ledger)
    )
    return body


def status_of(response: ApiResponse) -> str:
    assert response.status == 200
    return response.headers["Cache-Status"]
