"""Keeps a failing service from affecting the others: a circuit breaker, and a retry budget."""

import math
import time
from collections import OrderedDict

from gateway.errors import ServiceAway


class _Circuit:
    """Counts consecutive failures. Open after several; while open, lets one request through each PAUSE."""

    def __init__(self) -> None:
        self.failures = 0
        self._next_try = 0.0

    def wait(self, most: int, now: float) -> float:
        """Seconds until the next request may be sent; 0 if this request may be sent now."""
        if self.failures < most:
            return 0.0
        if now < self._next_try:
            return self._next_try - now
        self._next_try = now + Breaker.PAUSE
        return 0.0

    def failed(self, now: float) -> None:
        self.failures += 1
        self._next_try = now + Breaker.PAUSE


class Breaker:
    """Circuit breaker: refuses requests after several consecutive failures, except for a trial request each PAUSE.

    Failed connections count for all callers. A time-out may be caused by the request itself, so a caller's time-outs
    stop that caller alone, until several different callers have timed out with no response to any caller in between.
    """

    FAILURES = 5
    CALLERS = 3
    """Number of different callers whose consecutive time-outs open the circuit for all."""
    PAUSE = 1.0
    """Seconds between two that are let through."""
    REMEMBERED = 1_000
    """Callers with time-outs."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._connections = _Circuit()
        self._all_callers = _Circuit()
        self._late: set[str] = set()
        """Callers whose requests have timed out since the last response to any caller."""
        self._callers: OrderedDict[str, _Circuit] = OrderedDict()

    def enter(self, caller: str) -> None:
        """Raises ServiceAway while it is better not to ask."""
        now = time.monotonic()
        wait = self._connections.wait(self.FAILURES, now) or self._all_callers.wait(self.CALLERS, now)
        if not wait and (own := self._callers.get(caller)) is not None:
            wait = own.wait(self.FAILURES, now)
        if wait:
            raise ServiceAway(self._service, math.ceil(wait))

    def succeeded(self, caller: str) -> None:
        """Called after a response of any status."""
        self._connections.failures = self._all_callers.failures = 0
        self._late.clear()
        self._callers.pop(caller, None)

    def failed(self) -> None:
        """Called after a connection failed or was closed."""
        self._connections.failed(time.monotonic())

    def timed_out(self, caller: str) -> None:
        """Called after a request of this caller timed out."""
        now = time.monotonic()
        self._callers.setdefault(caller, _Circuit()).failed(now)
        self._callers.move_to_end(caller)
        if len(self._callers) > self.REMEMBERED:
            self._callers.popitem(last=False)
        if caller not in self._late and len(self._late) < self.CALLERS:
            self._late.add(caller)
            self._all_callers.failed(now)


class RetryBudget:
    """Second tries are for hiccups. When everything fails, they must not double the load."""

    MOST = 10.0
    EARNED = 0.1
    """What each request adds: at most one in ten is tried again for long."""

    def __init__(self) -> None:
        self._left = self.MOST

    def earn(self) -> None:
        """A request came."""
        self._left = min(self.MOST, self._left + self.EARNED)

    def spend(self) -> bool:
        """Whether another try is within the budget."""
        if self._left < 1:
            return False
        self._left -= 1
        return True
