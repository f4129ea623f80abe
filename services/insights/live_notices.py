"""Tells the live channel of new insights, for the worker."""

import logging
from uuid import UUID

import redis

from contracts.journal import LIVE_CHANNEL
from contracts.live import LiveKind, Notice

log = logging.getLogger(__name__)


class Notices:
    """Tells open browsers. Best effort: their 15-second tick tells them too."""

    def __init__(self, client: redis.Redis) -> None:
        self._redis = client

    def insights(self, ledger: UUID, revision: int) -> None:
        """New insights can be read."""
        notice = Notice(ledger=ledger, kind=LiveKind.INSIGHTS, revision=revision)
        try:
            self._redis.publish(LIVE_CHANNEL, notice.encode())
        except redis.RedisError as error:
            log.warning("nobody was told of new insights", extra={"error": type(error).__name__})
