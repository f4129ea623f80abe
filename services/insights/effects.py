"""What follows a commit: heads raised, open browsers told. Best effort, and never in anybody's way."""

import logging
import time
from collections.abc import Mapping
from uuid import UUID

import redis

from chassis.answers import ReadyAnswers
from contracts.answers import Answer
from contracts.journal import LIVE_CHANNEL
from contracts.live import LiveKind, Notice

log = logging.getLogger(__name__)

REST = 2.0
"""Seconds for which a Redis that failed is left alone, so that not every read waits for its timeout."""


class Effects:
    """Tells Redis what was applied or computed."""

    def __init__(self, client: redis.Redis) -> None:
        self._redis = client
        self._answers = ReadyAnswers(client)
        self._rest_until = 0.0

    def applied(self, reached: Mapping[UUID, int]) -> None:
        """Ledgers have reached these revisions."""
        if self._resting():
            return
        pipeline = self._redis.pipeline(transaction=False)
        for ledger, revision in reached.items():
            self._answers.raise_head(ledger, revision, pipeline)
            notice = Notice(ledger=ledger, kind=LiveKind.REVISION, revision=revision)
            pipeline.publish(LIVE_CHANNEL, notice.encode())
        try:
            pipeline.execute()
        except redis.RedisError as error:
            self._rest(error)

    def rewound(self, ledger: UUID) -> None:
        """A ledger's journal was put back: its head and its answers are of another history."""
        try:
            self.forget(ledger)
        except redis.RedisError as error:
            self._rest(error)

    def forget(self, ledger: UUID) -> None:
        """Whatever Redis has of a ledger goes. Raises RedisError."""
        self._answers.forget(ledger)

    def computed(self, ledger: UUID, field: str, answer: Answer) -> None:
        """An answer is ready."""
        if self._resting():
            return
        try:
            self._answers.store(ledger, field, answer)
        except redis.RedisError as error:
            self._rest(error)

    def _resting(self) -> bool:
        return time.monotonic() < self._rest_until

    def _rest(self, error: redis.RedisError) -> None:
        self._rest_until = time.monotonic() + REST
        log.warning("redis is away; answers are not kept", extra={"error": type(error).__name__})
