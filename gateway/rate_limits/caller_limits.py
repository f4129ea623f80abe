"""Limits the requests of each caller over all routes, counted in this process.

Counts of other instances are merged once a second (gateway/rate_limits/shared_counts.py). So a caller that uses several
instances gets the limit plus one second of requests on each; without Redis, each instance counts for itself.

Notation and meaning are those of the `limits` package and its sliding window; its own storage in memory starts
a thread a hundred times a second, and took a seventh of the time that a cached answer needs.
"""

import math
import time
from collections.abc import Mapping
from typing import NamedTuple

from limits import RateLimitItem, parse_many

from chassis.errors import TooManyRequests

Pair = tuple[bytes, bytes]

PROMPT_REFUSALS = 30
"""Number of refusals per caller and window that are sent without delay."""
REFUSAL_DELAY = 1.0
"""Seconds by which further refusals are delayed."""


class RemainingQuota(NamedTuple):
    """A caller's quota after a counted request."""

    remaining: int
    reset: int
    """Seconds until the window ends."""

    def header_item(self, name: str) -> str:
        """Returns one item of the `RateLimit` header."""
        return f'"{name}";r={self.remaining};t={self.reset}'


class RateLimitExceededProblem(TooManyRequests):
    """The caller exceeds its limit. Carries the rate limit headers."""

    def __init__(self, standing: RemainingQuota, name: str, policy: str) -> None:
        super().__init__(standing.reset)
        self.headers |= {"RateLimit": standing.header_item(name), "RateLimit-Policy": policy}


class LimitWindow:
    """Counts of one limit. The previous window counts in proportion to its part of the sliding window."""

    def __init__(self, item: RateLimitItem, kind: str = "caller") -> None:
        self.name = name_of(item, kind)
        self.seconds = item.get_expiry()
        self.amount = item.amount
        self._number = 0
        self._now: dict[str, int] = {}
        self._elsewhere: dict[str, int] = {}
        """Counts of other instances in this window, as far as they are known."""
        self._before: dict[str, int] = {}
        self._changed: set[str] = set()
        self._refused: dict[str, int] = {}

    def hit(self, caller: str, weight: int = 1) -> RemainingQuota | None:
        """Counts a request with its weight. Returns None and counts nothing if that exceeds the limit."""
        number, gone = divmod(time.time(), self.seconds)
        if number != self._number:
            self._begin_window(int(number))
        count = self._now.get(caller, 0) + weight
        carried = self._before.get(caller, 0) * (1 - gone / self.seconds) if self._before else 0
        remaining = self.amount - count - int(carried)
        if self._elsewhere:
            remaining -= self._elsewhere.get(caller, 0)
        if remaining < 0:
            return None
        self._now[caller] = count
        self._changed.add(caller)
        return RemainingQuota(remaining, math.ceil(self.seconds - gone))

    def refuse(self, caller: str) -> float:
        """Counts a refusal. Returns its delay in seconds, which slows down clients that ignore Retry-After."""
        refused = self._refused[caller] = self._refused.get(caller, 0) + 1
        return 0.0 if refused <= PROMPT_REFUSALS else REFUSAL_DELAY

    def take_changes(self) -> tuple[int, dict[str, int]]:
        """Returns the number of this window, and the counts that changed since the last call."""
        moved, self._changed = self._changed, set()
        return self._number, {caller: self._now[caller] for caller in moved if caller in self._now}

    def merge(self, number: int, counts: Mapping[str, int]) -> None:
        """Merges the counts of other instances in that window."""
        if number == self._number:
            self._elsewhere.update(counts)

    def _begin_window(self, number: int) -> None:
        whole = {caller: count + self._elsewhere.get(caller, 0) for caller, count in self._now.items()}
        self._before = whole if number == self._number + 1 else {}
        self._now, self._elsewhere, self._number = {}, {}, number
        self._changed = set()
        self._refused = {}

    def is_exhausted(self, caller: str) -> bool:
        """Whether one more request would exceed the limit. Counts nothing."""
        number, gone = divmod(time.time(), self.seconds)
        if number != self._number:
            self._begin_window(int(number))
        carried = int(self._before.get(caller, 0) * (1 - gone / self.seconds))
        return self._now.get(caller, 0) + self._elsewhere.get(caller, 0) + carried >= self.amount

    def reset(self) -> int:
        """Seconds until the window ends."""
        return math.ceil(self.seconds - time.time() % self.seconds)


class CallerLimiter:
    """The limit of `GATEWAY_RATE_LIMIT`. Not thread-safe: used on the event loop only."""

    def __init__(self, notation: str) -> None:
        self.windows = [LimitWindow(item) for item in parse_many(notation)]
        self._policy = policy_of(notation, "caller")
        self._policy_header = (b"ratelimit-policy", self._policy.encode())

    @property
    def pace(self) -> float:
        """Seconds between two requests at the highest steady rate that the limit allows."""
        return max(window.seconds / window.amount for window in self.windows)

    def refuse(self, caller: str) -> float:
        """Counts a refusal by any limit. Returns its delay in seconds."""
        return max([window.refuse(caller) for window in self.windows])

    def require_remaining(self, caller: str) -> None:
        """Raises RateLimitExceededProblem if the quota is used up. Counts nothing."""
        for window in self.windows:
            if window.is_exhausted(caller):
                raise RateLimitExceededProblem(RemainingQuota(0, window.reset()), window.name, self._policy)

    def count(self, caller: str) -> list[Pair]:
        """Counts one request; returns the headers of its response. Raises RateLimitExceededProblem."""
        return self._count(caller, 1)

    def count_more(self, caller: str, weight: int) -> list[Pair]:
        """Adds weight to a request that was counted as 1; returns headers that replace the first ones.

        Raises RateLimitExceededProblem.

        The weight is capped so that a request never exceeds the whole limit: it could not be made at all.
        """
        return self._count(caller, min(weight, *(window.amount - 1 for window in self.windows)))

    def _count(self, caller: str, weight: int) -> list[Pair]:
        items: list[str] = []
        for window in self.windows:
            standing = window.hit(caller, weight)
            if standing is None:
                raise RateLimitExceededProblem(RemainingQuota(0, window.reset()), window.name, self._policy)
            items.append(standing.header_item(window.name))
        return [self._policy_header, (b"ratelimit", ", ".join(items).encode())]


def name_of(item: RateLimitItem, kind: str) -> str:
    """Returns the name of a limit in the headers, distinct for several of one kind."""
    return f"{kind}-{item.get_expiry()}s"


def policy_of(notation: str, kind: str) -> str:
    """Returns the `RateLimit-Policy` header of limits in this notation."""
    return ", ".join(f'"{name_of(item, kind)}";q={item.amount};w={item.get_expiry()}' for item in parse_many(notation))


def seconds_until(moment: float, bound: float) -> int:
    """Seconds until the moment, rounded up; at least 1 and at most `bound`."""
    return max(1, math.ceil(min(moment - time.time(), bound)))
