"""Writes the head of each ledger to the cache, and renews the lease of cached responses."""

import time
from collections.abc import Mapping

import redis

from chassis.redis.client import is_full
from chassis.response_cache.cache import ResponseCache, log_invalid
from chassis.response_cache.lease import CacheLease
from contracts.ids import LedgerId

RENEW_EVERY = 0.8
"""Seconds between two renewals at least: a busy relay has many rounds a second."""


class Heads:
    """Raises heads in rounds. A round without a failure renews the lease of all cached responses."""

    def __init__(self, client: redis.Redis) -> None:
        """`client` connects to the Redis with the cached responses."""
        self._client = client
        self._cache = ResponseCache(client)
        self._lease = CacheLease(client)
        self._renewed_at = -RENEW_EVERY
        self._is_due = False

    def begin(self) -> None:
        """Begins a round, before unpublished entries are queried. Raises RedisError.

        If Redis is full the lease expires; heads are raised, or cached responses deleted, all the same.
        """
        self._is_due = False
        if time.monotonic() < self._renewed_at + RENEW_EVERY:
            return
        try:
            self._lease.begin()
            self._is_due = True
        except redis.ResponseError as error:
            if not is_full(error):
                raise

    def raise_all(self, heads: Mapping[LedgerId, int]) -> None:
        """Raises these heads. Raises RedisError if any of them may have failed."""
        pipeline = self._client.pipeline(transaction=False)
        for ledger, revision in heads.items():
            self._cache.raise_head(ledger, revision, pipeline)
        for ledger, spoilt in zip(heads, pipeline.execute(), strict=True):
            log_invalid(ledger, spoilt)

    def end(self) -> None:
        """Ends a round in which every head was raised. Raises RedisError."""
        if self._is_due:
            self._lease.renew()
            self._renewed_at = time.monotonic()
