"""What follows a commit: raises heads, notifies open browsers. Best effort, without delaying requests."""

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
"""Seconds for which a Redis that failed is left alone, so that not every read waits for its timeout."""


class BestEffortRedis:
    """A Redis whose failures are logged, and which is left alone for a while after it did not answer."""

    def __init__(self, client: redis.Redis, purpose: str) -> None:
        self.client = client
        self._purpose = purpose
        self._rest_until = 0.0
        self._was_full = False

    def attempt(self, action: Callable[[], T]) -> T | None:
        """Returns the result of the action; None where Redis failed, or failed less than REST ago."""
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
    """Tells Redis what was applied or computed."""

    def __init__(self, client: redis.Redis, cache: redis.Redis | None = None) -> None:
        """`cache` holds the ready answers; the same Redis as `client` where None."""
        self._notices = BestEffortRedis(client, "live notices" if cache else "live notices and ready answers")
        self._cache = BestEffortRedis(cache, "ready answers") if cache else self._notices
        self._answers = ResponseCache(self._cache.client)

    def applied(self, revisions: Mapping[LedgerId, int]) -> None:
        """Ledgers have reached these revisions."""
        self._notify(revisions, revisions, news=True)

    def repeat(self, revisions: Mapping[LedgerId, int], changed: Collection[LedgerId]) -> bool:
        """Repeats heads, and notices of the ledgers that have changed; returns whether Redis took them."""
        return self._notify(revisions, changed, news=False)

    def history_replaced(self, ledger: LedgerId) -> None:
        """A ledger's journal was put back: its head and its answers are of another history."""
        self._cache.attempt(lambda: self.delete_cached(ledger))

    def delete_cached(self, ledger: LedgerId) -> None:
        """Whatever Redis has of a ledger goes. Raises RedisError."""
        self._answers.delete(ledger)

    def fence(self, ledger: LedgerId) -> Fence | None:
        """Returns the fence to take before computing an answer that is to be cached; None where it cannot be cached."""
        return self._cache.attempt(lambda: self._answers.fence(ledger))

    def store_response(self, ledger: LedgerId, field: str, answer: CachedResponse, fence: Fence) -> None:
        """An answer is ready."""
        self._cache.attempt(lambda: self._answers.store(ledger, field, answer, fence))

    def noted(self, key: str) -> bytes | None:
        """The value that another process has stored under a key; None if there is none, or Redis is unavailable."""
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
