"""How much each caller may do, all routes together; counted in this process, without asking anyone.

Several instances each count for themselves, so a caller spread over n of them gets up to n times as much.
Notation and meaning are those of the `limits` package and its sliding window; its own storage in memory starts
a thread a hundred times a second, and took a seventh of the time that a cached answer needs.
"""

import math
import time
from typing import NamedTuple

from limits import RateLimitItem, parse_many

from chassis.errors import TooManyRequests

Pair = tuple[bytes, bytes]


class Standing(NamedTuple):
    """Where a caller stands after a request that counted."""

    left: int
    reset: int
    """Seconds until there is more."""

    def told(self, name: str) -> str:
        """One item of the `RateLimit` header."""
        return f'"{name}";r={self.left};t={self.reset}'


class Refused(TooManyRequests):
    """Over the limit, with the headers that say so."""

    def __init__(self, standing: Standing, name: str, policy: str) -> None:
        super().__init__(standing.reset)
        self.headers |= {"RateLimit": standing.told(name), "RateLimit-Policy": policy}


class Window:
    """Counts of one limit. What the last window held counts for as much of it as is not yet over."""

    def __init__(self, item: RateLimitItem) -> None:
        self.name = name_of(item, "caller")
        self._amount = item.amount
        self._seconds = item.get_expiry()
        self._number = 0
        self._now: dict[str, int] = {}
        self._before: dict[str, int] = {}

    def hit(self, caller: str) -> Standing | None:
        """Counts one request; None, and nothing counted, where it is one too many."""
        number, gone = divmod(time.time(), self._seconds)
        if number != self._number:
            self._before = self._now if number == self._number + 1 else {}
            self._now, self._number = {}, int(number)
        count = self._now.get(caller, 0) + 1
        carried = self._before.get(caller, 0) * (1 - gone / self._seconds) if self._before else 0
        left = self._amount - count - int(carried)
        if left < 0:
            return None
        self._now[caller] = count
        return Standing(left, self.reset())

    def is_over(self, caller: str) -> bool:
        """Whether one more would be too many; counts nothing."""
        number, gone = divmod(time.time(), self._seconds)
        now, before = (self._now, self._before) if number == self._number else ({}, {})
        return now.get(caller, 0) + int(before.get(caller, 0) * (1 - gone / self._seconds)) >= self._amount

    def reset(self) -> int:
        """Seconds until the window ends."""
        return math.ceil(self._seconds - time.time() % self._seconds)


class CallerLimit:
    """The limit of `GATEWAY_RATE_LIMIT`. Not for threads: it lives on the event loop."""

    def __init__(self, notation: str) -> None:
        self._windows = [Window(item) for item in parse_many(notation)]
        self._policy = policy_of(notation, "caller")
        self._policy_header = (b"ratelimit-policy", self._policy.encode())

    def require_some_left(self, caller: str) -> None:
        """Raises Refused where the caller has none left; counts nothing."""
        for window in self._windows:
            if window.is_over(caller):
                raise Refused(Standing(0, window.reset()), window.name, self._policy)

    def count(self, caller: str) -> list[Pair]:
        """Counts one request; what its answer says about it. Raises Refused."""
        told: list[str] = []
        for window in self._windows:
            standing = window.hit(caller)
            if standing is None:
                raise Refused(Standing(0, window.reset()), window.name, self._policy)
            told.append(standing.told(window.name))
        return [self._policy_header, (b"ratelimit", ", ".join(told).encode())]


def name_of(item: RateLimitItem, kind: str) -> str:
    """The name of one limit in the headers; tells apart several of one kind."""
    return f"{kind}-{item.get_expiry()}s"


def policy_of(notation: str, kind: str) -> str:
    """The `RateLimit-Policy` header of limits in this notation."""
    return ", ".join(f'"{name_of(item, kind)}";q={item.amount};w={item.get_expiry()}' for item in parse_many(notation))


def seconds_until(moment: float) -> int:
    """Whole seconds until then, one at least."""
    return max(1, math.ceil(moment - time.time()))
