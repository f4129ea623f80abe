"""How much each account may have the database write: work, where the gateway counts requests."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from chassis.errors import TooManyRequests

CHANGE = 1024
"""What one change costs besides its bytes: a small row takes as long as a kilobyte of the journal."""
RESERVED = 4 * CHANGE
"""What each change of a request costs until it is done, and when it is refused, since it was looked at."""
MOST_ACCOUNTS = 10_000
"""Of more, those that were active last are remembered; the others' budgets are full again."""


@dataclass
class Work:
    """The work of one request, in bytes."""

    cost: int


@dataclass
class _Budget:
    left: float
    at: float


class WorkLimit:
    """A budget for each account, refilled evenly, of one minute's work at most. Each process counts for itself.

    A request is let in while anything is left, so a large one can take more than there is: later ones wait for that,
    a minute at most.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`per_minute` in bytes; 0 is no limit."""
        self._most = float(per_minute)
        self._clock = clock
        self._lock = threading.Lock()
        self._budgets: OrderedDict[UUID, _Budget] = OrderedDict()
        """The account that was active last comes last."""

    @contextmanager
    def spending(self, account: UUID, changes: int) -> Iterator[Work]:
        """One request of so many changes; what it turned out to cost is set before the end. Raises TooManyRequests."""
        if not self._most:
            yield Work(0)
            return
        reserved = Work(changes * RESERVED)
        work = Work(reserved.cost)
        self._take(account, reserved.cost)
        try:
            yield work
        finally:
            self._settle(account, work.cost - reserved.cost)

    def _take(self, account: UUID, cost: int) -> None:
        with self._lock:
            budget = self._refilled(account)
            if budget.left <= 0:
                raise TooManyRequests(math.ceil(-budget.left * 60 / self._most))
            budget.left = max(budget.left - cost, -self._most)

    def _settle(self, account: UUID, more: int) -> None:
        with self._lock:
            budget = self._refilled(account)
            budget.left = min(max(budget.left - more, -self._most), self._most)

    def _refilled(self, account: UUID) -> _Budget:
        now = self._clock()
        budget = self._budgets.setdefault(account, _Budget(self._most, now))
        self._budgets.move_to_end(account)
        if len(self._budgets) > MOST_ACCOUNTS:
            self._budgets.popitem(last=False)
        budget.left = min(budget.left + (now - budget.at) * self._most / 60, self._most)
        budget.at = now
        return budget
