"""Sends cached responses after one lookup in Redis, without any service.

A response is sent if it is as new as the newest revision in Redis and as the client requires, and at most five minutes
old. Any other request is forwarded to the service, with the revision that it has to reach. Without a lease the heads
in Redis may be out of date: then no response is sent, and the service finds the head itself.
"""

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl
from uuid import UUID

from chassis.response_cache.cache import usable
from contracts.headers import MIN_REVISION, REVISION
from contracts.response_cache import HEAD, CachedResponse, ledger_key, read_head, response_field
from gateway.metrics import cache_responses
from gateway.request_context import Pair, RequestContext
from gateway.response_cache.hashes import RedisHashes
from gateway.response_cache.lease import LeaseMonitor

_MIN_REVISION = MIN_REVISION.lower().encode()
_REVISION = REVISION.lower().encode()
_MAX_REVISION_DIGITS = 18
"""Digits that fit into 64 bits."""
_MAX_QUERY_BYTES = 256
"""Bytes. No cacheable query is longer, and parsed queries are cached."""
_HIT: Pair = (b"cache-status", b"outlay; hit")
_JSON: Pair = (b"content-type", b"application/json")


class CacheResult(StrEnum):
    """Outcome of a lookup."""

    HIT = "hit"
    MISS = "miss"
    BYPASS = "bypass"
    """The query is not cacheable, or the caller may not read the ledger."""
    UNAVAILABLE = "away"
    """Redis is unavailable: a miss, too."""
    UNSURE = "unsure"
    """No lease holds, so the heads in Redis may be out of date: a miss, too."""


_FORWARDED: dict[CacheResult, Pair] = {
    CacheResult.MISS: (b"cache-status", b"outlay; fwd=miss"),
    CacheResult.UNAVAILABLE: (b"cache-status", b"outlay; fwd=miss"),
    CacheResult.UNSURE: (b"cache-status", b"outlay; fwd=miss"),
    CacheResult.BYPASS: (b"cache-status", b"outlay; fwd=bypass"),
}

_MISSES = frozenset({CacheResult.UNAVAILABLE, CacheResult.UNSURE})


class CacheQuery(NamedTuple):
    """A parsed query."""

    field: str | None
    """Field of the cached response; None if it is not cacheable."""
    ledger: str | None
    """None is the caller's own ledger."""


class CachedResponseReader:
    """Sends cached responses if possible."""

    def __init__(self, hashes: RedisHashes, lease: LeaseMonitor) -> None:
        self._hashes = hashes
        self.lease = lease
        self._counters = {result: cache_responses.labels(result) for result in CacheResult}

    async def serve(self, context: RequestContext) -> bool:
        """Sends the cached response; returns False if there is none, and sets the revision for the service."""
        result, response = await self._look_up(context)
        self._counters[result].inc()
        context.cache = "miss" if result in _MISSES else result.value
        if response is None:
            context.response_headers.append(_FORWARDED[result])
            return False
        await _send(context, response)
        return True

    async def require_head(self, context: RequestContext) -> None:
        """Only sets the revision that the service has to reach."""
        await self._look_up(context)

    async def _look_up(self, context: RequestContext) -> tuple[CacheResult, CachedResponse | None]:
        verified, minimum = context.session.verified, _min_revision(context)
        query: bytes = context.scope["query_string"]
        cache_query = read_query(context.path, query) if len(query) <= _MAX_QUERY_BYTES else None
        if verified is None or minimum is None or cache_query is None:
            return CacheResult.BYPASS, None
        ledger = cache_query.ledger or verified.ledger
        if ledger not in verified.readable:
            return CacheResult.BYPASS, None
        values = await self._hashes.get(ledger_key(ledger), HEAD, cache_query.field or HEAD)
        if values is None:
            return CacheResult.UNAVAILABLE, None
        # Checked after the reply from Redis: the process may have been suspended while it waited.
        if not self.lease.is_held():
            return (CacheResult.BYPASS if cache_query.field is None else CacheResult.UNSURE), None
        head, packed = read_head(values[0]), values[1]
        if head is not None:
            context.required_revision = max(head, minimum)
        if cache_query.field is None:
            return CacheResult.BYPASS, None
        response = usable(packed, head, minimum)
        return (CacheResult.MISS if response is None else CacheResult.HIT), response


def _min_revision(context: RequestContext) -> int | None:
    """Returns the requested revision; None if the header is not a number, which the service will report."""
    text = context.headers.get(_MIN_REVISION, b"0")
    return int(text) if text.isdigit() and len(text) <= _MAX_REVISION_DIGITS else None


@lru_cache(maxsize=4096)
def read_query(path: str, query: bytes) -> CacheQuery | None:
    """Parses a query; returns None if it is malformed."""
    try:
        pairs = parse_qsl(query.decode(), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        return None if query else CacheQuery(None, None)
    values = dict(pairs)
    if len(values) != len(pairs):
        return None
    text = values.pop("ledger", None)
    try:
        ledger = None if text is None else str(UUID(text))
    except ValueError:
        return None
    return CacheQuery(response_field(path, values), ledger)


async def _send(context: RequestContext, response: CachedResponse) -> None:
    etag = response.etag.encode()
    headers = [(b"etag", etag), (_REVISION, b"%d" % response.revision), _HIT]
    if _matches(context.headers.get(b"if-none-match"), etag):
        await context.respond(304, headers, b"")
        return
    length = (b"content-length", b"%d" % len(response.body))
    await context.respond(200, [_JSON, length, *headers], response.body)


def _matches(condition: bytes | None, etag: bytes) -> bool:
    if condition is None:
        return False
    known = [one.strip().removeprefix(b"W/") for one in condition.split(b",")]
    return etag in known or known == [b"*"]
