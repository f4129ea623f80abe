"""Exchanges opaque API tokens at auth for short-lived access tokens, which every service can verify.

A response of auth is cached for up to a minute, a refusal for up to 10 seconds. The limit of sign-ins also stops
attempts with made-up tokens, before auth is called. A revoked token is refused before the minute ends: its access token
names it as the session, and the identity journal shows that this session has ended.
"""

import asyncio
import hashlib
import random
import re
import time
from collections import OrderedDict
from typing import NamedTuple

from chassis.errors import TooManyRequests, Unauthenticated, Unavailable
from gateway.authentication.auth_client import AuthClient
from gateway.rate_limits.caller_limits import CallerLimiter
from gateway.routes import Service
from gateway.upstreams.bulkhead import Bulkhead, BulkheadSize, Lane

PREFIX = b"outlay_pat_"
_SHAPE = re.compile(rb"outlay_pat_[A-Za-z0-9_\-]{20,200}")

VALID_TTL = 60.0
INVALID_TTL = 10.0
"""Seconds for which a response of auth is cached."""
CACHE_SIZE = 10_000
_CHANCE = random.SystemRandom()
JITTER = 0.25
"""Largest fraction by which that time is shortened, so that entries do not all expire at once."""
EXCHANGES = BulkheadSize(slots=16, per_lane=8, queue=200, queue_per_lane=50, timeout=4.0)
"""Concurrent exchanges with auth, in total and per network address; further ones are queued."""


class CachedExchange(NamedTuple):
    """A cached response of auth."""

    token: bytes | None
    """The access token; None for an invalid API token."""
    fresh_until: float


class ApiTokenExchange:
    """Exchanges API tokens. Not thread-safe: used on the event loop only."""

    def __init__(self, auth: AuthClient, failures: CallerLimiter) -> None:
        """`bad_ones` is how many tokens that are none each address may try."""
        self._auth = auth
        self._failures = failures
        self._cache: OrderedDict[bytes, CachedExchange] = OrderedDict()
        self._bulkhead = Bulkhead(Service.AUTH, EXCHANGES)
        self._requests: dict[bytes, asyncio.Task[bytes | None]] = {}

    async def exchange(self, token: bytes, network: str) -> bytes:
        """Returns an access token. Raises Unauthenticated, Unavailable, or TooManyRequests for too many attempts."""
        if not _SHAPE.fullmatch(token):
            raise Unauthenticated
        digest = _digest(token)
        known = self._cache.get(digest)
        if known is not None and known.fresh_until > time.monotonic():
            traded = known.token
        else:
            traded = await self._share_request(digest, token, network)
        if traded is None:
            raise Unauthenticated
        return traded

    def discard(self, token: bytes) -> None:
        """Drops the cached access token: the next request with this API token gets a new one."""
        self._cache.pop(_digest(token), None)

    async def _share_request(self, digest: bytes, token: bytes, asker: str) -> bytes | None:
        """Requests with the same token share one call to auth, also if some of their clients disconnect."""
        asking = self._requests.get(digest)
        if asking is None:
            self._failures.require_remaining(asker)
            asking = self._requests[digest] = asyncio.create_task(self._request(digest, token, asker))
            asking.add_done_callback(lambda task: self._done(digest, task))
        return await asyncio.shield(asking)

    def _done(self, digest: bytes, task: asyncio.Task[bytes | None]) -> None:
        del self._requests[digest]
        if not task.cancelled():
            task.exception()  # retrieved even if no request waits for it any more

    async def _request(self, digest: bytes, token: bytes, asker: str) -> bytes | None:
        try:
            with await self._bulkhead.acquire(Lane(asker)):
                traded = await self._auth.exchange(token.decode())
        except (Unavailable, TooManyRequests):
            # The cached access token may be valid for some minutes yet; that is checked as usual.
            known = self._cache.get(digest)
            if known is None or known.token is None:
                raise
            traded = known.token
        lifetime = (INVALID_TTL if traded is None else VALID_TTL) * (1 - JITTER * _CHANCE.random())
        self._cache[digest] = CachedExchange(traded, time.monotonic() + lifetime)
        self._cache.move_to_end(digest)
        if len(self._cache) > CACHE_SIZE:
            self._cache.popitem(last=False)
        if traded is None:
            self._failures.count(asker)
        return traded


def _digest(token: bytes) -> bytes:
    return hashlib.blake2b(token, digest_size=16).digest()
