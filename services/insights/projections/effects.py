"""Effects of a commit: raises heads, and notifies open browsers. Best effort; requests never wait for it."""

import logging
import time
from collections.abc import Callable, Collection, Mapping
from typing import TypeVar, cast

import redis

from chassis.redis.client import is_full
from chassis.response_cache.cache import Fence, ResponseCache
from contracts.ids import LedgerId
from contracts.journal import LIVE_CHANNEL
from contracts.live import LiveKind, LiveNotice
from contracts.response_cache import CachedResponse

log = logging.getLogger(__name__)

T = TypeVar("T")

PAUSE = 2.0
"""Seconds for which a failed Redis is not called, so that not every read waits for its timeout."""


class BestEffortRedis:
    """A Redis whose failures are logged, and which is not called for a while after a failure."""

    def __init__(self, client: redis.Redis, purpose: str) -> None:
        self.client = client
        self._purpose = purpose
        self._rest_until = 0.0
        self._was_full = False

    def attempt(self, action: Callable[[], T]) -> T | None:
        """Returns the result of the action; None if Redis failed now, or a moment ago."""
        if time.monotonic() < self._rest_until:
            return None
        try:
            result = action()
        except redis.ResponseError as error:  # it responds, so no call waits for its timeout
            if not (self._was_full and is_full(error)):
                log.warning("redis refuses", extra={"purpose": self._purpose, "error": str(error)})
            self._was_full = is_full(error)
            return None
        except redis.RedisError as error:
            self._rest_until = time.monotonic() + PAUSE
            log.warning("redis is away", extra={"purpose": self._purpose, "error": type(error).__name__})
            return None
        self._was_full = False
        return result


class CommitEffects:
    """Informs Redis of applied entries and new insights."""

    def __init__(self, client: redis.Redis, cache: redis.Redis | None = None) -> None:
        """`cache` holds cached responses; None means the same Redis as `client`."""
        self._notices = BestEffortRedis(client, "live notices" if cache else "live notices and ready answers")
        self._cache = BestEffortRedis(cache, "ready answers") if cache else self._notices
        self._answers = ResponseCache(self._cache.client)

    def applied(self, revisions: Mapping[LedgerId, int]) -> None:
        """Publishes new revisions of ledgers."""
        self._notify(revisions, revisions, news=True)

    def repeat(self, revisions: Mapping[LedgerId, int], changed: Collection[LedgerId]) -> bool:
        """Repeats heads, and notices of changed ledgers; returns whether Redis accepted them."""
        return self._notify(revisions, changed, news=False)

    def history_replaced(self, ledger: LedgerId) -> None:
        """Deletes the head and cached responses of a ledger whose history was replaced."""
        self._cache.attempt(lambda: self.delete_cached(ledger))

    def delete_cached(self, ledger: LedgerId) -> None:
        """Deletes everything that Redis has of a ledger. Raises RedisError."""
        self._answers.delete(ledger)

    def fence(self, ledger: LedgerId) -> Fence | None:
        """Returns the fence to take before computing a cacheable response; None if it cannot be cached."""
        return self._cache.attempt(lambda: self._answers.fence(ledger))

    def store_response(self, ledger: LedgerId, field: str, answer: CachedResponse, fence: Fence) -> None:
        """Caches a response."""
        self._cache.attempt(lambda: self._answers.store(ledger, field, answer, fence))

    def noted(self, key: str) -> bytes | None:
        """Returns the value that another process stored under a key; None if there is none or Redis is unavailable."""
        return cast("bytes | None", self._notices.attempt(lambda: self._notices.client.get(key)))

    def close(self) -> None:
        """Closes the connections."""
        self._notices.client.close()
        self._cache.client.close()

    def _notify(self, revisions: Mapping[LedgerId, int], changed: Collection[LedgerId], *, news: bool) -> bool:
        if not revisions:
            return True
        heads = self._cache.client.pipeline(transaction=False)
        notices = self._notices.client.pipeline(transaction=False)
        for ledger, revision in revisions.items():
            self._answers.raise_head(ledger, revision, heads, create=news)
        for ledger in changed:
            notice = LiveNotice(ledger=ledger, kind=LiveKind.REVISION, revision=revisions[ledger])
            notices.publish(LIVE_CHANNEL, notice.encode())
        self._cache.attempt(heads.execute)
        return self._notices.attempt(notices.execute) is not None
