"""Stops calls to a failing model for a while, so that users do not wait for its time-out again and again."""

import time
from collections.abc import Callable

from chassis.process.circuit import Circuit

FAILURES = 3
"""Consecutive failures after which calls stop."""
PAUSE = 60.0
"""Seconds until calls are tried again."""
TROUBLE = frozenset({"timeout", "unreachable", "refused", "too_large"})
"""Reasons that the server causes; text that is merely unusable is none of them."""


class LlmCircuitBreaker:
    """Of one process: each finds out for itself, which costs no more than a few calls."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._circuit = Circuit(FAILURES)

    @property
    def is_open(self) -> bool:
        """Whether the model is not to be called now."""
        return self._circuit.wait(self._clock()) > 0

    def record(self, reason: str | None) -> None:
        """Called after a call: with the reason of its failure, or None."""
        if reason in TROUBLE:
            self._circuit.failed(self._clock() + PAUSE)
        else:
            self._circuit.succeeded()
