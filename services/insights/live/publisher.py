"""Tells the live channel of new insights, for the worker."""

import datetime as dt
import logging

import redis

from contracts.ids import LedgerId
from contracts.journal import LIVE_CHANNEL
from contracts.live import LiveKind, LiveNotice

log = logging.getLogger(__name__)


class NoticePublisher:
    """Tells open browsers. Best effort: their 15-second tick tells them too."""

    def __init__(self, client: redis.Redis) -> None:
        self._redis = client

    def insights(self, ledger: LedgerId, revision: int, computed_at: dt.datetime) -> None:
        """New insights can be read."""
        notice = LiveNotice(ledger=ledger, kind=LiveKind.INSIGHTS, revision=revision, computed_at=computed_at)
        try:
            self._redis.publish(LIVE_CHANNEL, notice.encode())
        except redis.RedisError as error:
            log.warning("the notice of new insights was not published", extra={"error": type(error).__name__})
