"""Stops calls to a failing model for a while, so that users do not wait for its time-out again and again."""

import time
from collections.abc import Callable

FAILURES = 3
"""In a row; then it rests."""
PAUSE = 60.0
"""Seconds. After them one call finds out."""
TROUBLE = frozenset({"timeout", "unreachable", "refused", "too_large"})
"""Reasons that speak against the server; words that are merely unfit do not."""


class LlmCircuitBreaker:
    """Of one process: each finds out for itself, which costs no more than a few calls."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._rests_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether it is not to be asked just now."""
        return self._clock() < self._rests_until

    def record(self, reason: str | None) -> None:
        """A call ended: well, or for a reason."""
        self._failures = self._failures + 1 if reason in TROUBLE else 0
        if self._failures >= FAILURES:
            self._rests_until = self._clock() + PAUSE
            self._failures = FAILURES - 1  # the next one that fails starts another rest
