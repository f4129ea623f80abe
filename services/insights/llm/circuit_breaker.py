"""Stops calls to a failing model for a while, so that users do not wait for its timeout again and again."""

import time
from collections.abc import Callable

from chassis.process.circuit import Circuit

FAILURES = 3
"""Consecutive failures after which the breaker opens."""
PAUSE = 60.0
"""Seconds until calls test the model again."""
TROUBLE = frozenset({"timeout", "unreachable", "refused", "too_large"})
"""Reasons that count as failures of the server. Unfit words do not."""


class LlmCircuitBreaker:
    """The breaker of one process. Each process tests the model itself, which costs only a few calls."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._circuit = Circuit(FAILURES)

    @property
    def is_open(self) -> bool:
        """Whether calls are suspended at the moment."""
        return self._circuit.wait(self._clock()) > 0

    def record(self, reason: str | None) -> None:
        """Called after a call: with the reason of its failure, or None."""
        if reason in TROUBLE:
            self._circuit.failed(self._clock() + PAUSE)
        else:
            self._circuit.succeeded()
