"""Limits concurrent calls to the model: each holds a thread, even after its client has disconnected."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from contracts.ids import LedgerId
from services.insights.llm.client import LlmError

MAX_CALLS = 12
"""Limit of concurrent calls in one process: fewer than a third of its threads."""
MAX_CALLS_PER_LEDGER = 3
"""Limit of concurrent calls for one ledger."""


class CallSlots:
    """The slots of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: Counter[LedgerId] = Counter()

    @contextmanager
    def slot(self, ledger: LedgerId) -> Iterator[None]:
        """Holds a slot for one call. Raises LlmError with the reason `busy`."""
        with self._lock:
            if self._calls[ledger] >= MAX_CALLS_PER_LEDGER or self._calls.total() >= MAX_CALLS:
                raise LlmError("busy", "as many calls as may be are under way")
            self._calls[ledger] += 1
        try:
            yield
        finally:
            with self._lock:
                self._calls -= Counter([ledger])  # drops counts of zero
