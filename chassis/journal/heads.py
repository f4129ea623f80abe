"""Writes to the cache how far each ledger has come, and renews the lease of the ready answers."""

import time
from collections.abc import Mapping
from uuid import UUID

import redis

from chassis.redis.client import is_full
from chassis.response_cache.cache import ReadyAnswers, note_spoilt
from chassis.response_cache.lease import Lease

RENEW_EVERY = 0.8
"""Seconds between two renewals at least: a busy relay has many rounds a second."""


class Heads:
    """Heads are raised in rounds; one in which none failed renews the lease of all ready answers."""

    def __init__(self, client: redis.Redis) -> None:
        """`client` is that of the Redis that holds the ready answers."""
        self._client = client
        self._answers = ReadyAnswers(client)
        self._lease = Lease(client)
        self._renewed_at = -RENEW_EVERY
        self._is_due = False

    def begin(self) -> None:
        """Begins a round, before the journal is asked what waits. Raises RedisError.

        Where Redis has no room for it the lease runs out; heads are raised, or their answers deleted, all the same.
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

    def raise_all(self, heads: Mapping[UUID, int]) -> None:
        """Raises these heads. Raises RedisError where not all of them are known to be."""
        pipeline = self._client.pipeline(transaction=False)
        for ledger, revision in heads.items():
            self._answers.raise_head(ledger, revision, pipeline)
        for ledger, spoilt in zip(heads, pipeline.execute(), strict=True):
            note_spoilt(ledger, spoilt)

    def end(self) -> None:
        """Ends a round in which every head was raised. Raises RedisError."""
        if self._is_due:
            self._lease.renew()
            self._renewed_at = time.monotonic()
