"""Limits the database work of each account, in bytes; the gateway limits requests."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from chassis.errors import TooManyRequests
from contracts.ids import UserId

CHANGE = 1024
"""Cost of one change besides its bytes: a small row takes as long as a kilobyte of the journal."""
RESERVED = 4 * CHANGE
"""Cost of each requested change until the request is done, and if it is refused: it was processed."""
MAX_ACCOUNTS = 10_000
"""Accounts with a stored budget at most: the most recently active ones. The others' budgets are full again."""


@dataclass
class RequestCost:
    """The cost of one request in bytes."""

    cost: int


@dataclass
class _WorkBudget:
    remaining: float
    at: float


class WorkLimit:
    """A token bucket for each account, of one minute's work at most. Each process counts for itself.

    A request is accepted while anything remains, so a large one can overdraw the budget; later ones then wait, a
    minute at most.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`per_minute` in bytes; 0 is no limit."""
        self._per_minute = float(per_minute)
        self._clock = clock
        self._lock = threading.Lock()
        self._budgets: OrderedDict[UserId, _WorkBudget] = OrderedDict()
        """The most recently active account is last."""

    @contextmanager
    def spending(self, account: UserId, changes: int) -> Iterator[RequestCost]:
        """Reserves the cost of a request; its real cost is set before the end. Raises TooManyRequests."""
        if not self._per_minute:
            yield RequestCost(0)
            return
        reserved = RequestCost(changes * RESERVED)
        actual = RequestCost(reserved.cost)
        self._take(account, reserved.cost)
        try:
            yield actual
        finally:
            self._settle(account, actual.cost - reserved.cost)

    def _take(self, account: UserId, cost: int) -> None:
        with self._lock:
            budget = self._refilled(account)
            if budget.remaining <= 0:
                raise TooManyRequests(math.ceil(-budget.remaining * 60 / self._per_minute))
            budget.remaining = max(budget.remaining - cost, -self._per_minute)

    def _settle(self, account: UserId, more: int) -> None:
        with self._lock:
            budget = self._refilled(account)
            budget.remaining = min(max(budget.remaining - more, -self._per_minute), self._per_minute)

    def _refilled(self, account: UserId) -> _WorkBudget:
        now = self._clock()
        budget = self._budgets.setdefault(account, _WorkBudget(self._per_minute, now))
        self._budgets.move_to_end(account)
        if len(self._budgets) > MAX_ACCOUNTS:
            self._budgets.popitem(last=False)
        budget.remaining = min(budget.remaining + (now - budget.at) * self._per_minute / 60, self._per_minute)
        budget.at = now
        return budget
