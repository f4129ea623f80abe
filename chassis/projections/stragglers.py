"""Ledgers that cannot be read in their turn are read by a thread of their own, so that no other ledger waits."""

import logging
import threading
import time
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from chassis.background.loop import BackgroundWork

log = logging.getLogger(__name__)

CLOCK = 0.5
"""Seconds between two checks for ledgers that are due."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a ledger that failed is tried again; doubled each time."""


class _Straggler(NamedTuple):
    due: float
    failures: int = 0


class Stragglers(BackgroundWork):
    """One thread. Those that are due have one page each, in turn; one that fails waits longer each time."""

    def __init__(self, step: Callable[[UUID], bool]) -> None:
        """`step` applies one page of a ledger; returns whether it was the last. Any exception means a later retry."""
        super().__init__("stragglers", CLOCK)
        self._step = step
        self._lock = threading.Lock()
        self._waiting: dict[UUID, _Straggler] = {}

    def add(self, ledger: UUID) -> None:
        """Queues the ledger. One that is queued already keeps its due time."""
        with self._lock:
            self._waiting.setdefault(ledger, _Straggler(time.monotonic()))
        self.wake()

    def hold(self, ledger: UUID) -> bool:
        """Whether the running thread has this ledger to read."""
        return self._thread.is_alive() and ledger in self._waiting

    def work(self) -> None:
        """Takes one page in of each ledger that is due, until none is."""
        while not self.is_stopped and (ledger := self._next()) is not None:
            self._try(ledger)

    def _next(self) -> UUID | None:
        now = time.monotonic()
        with self._lock:
            due = [(one.due, ledger) for ledger, one in self._waiting.items() if one.due <= now]
        return min(due)[1] if due else None

    def _try(self, ledger: UUID) -> None:
        failures = self._waiting[ledger].failures
        try:
            done = self._step(ledger)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this ledger's alone
            if not failures:
                log.warning(
                    "a ledger cannot be read; it is tried again", extra={"ledger": ledger, "error": repr(error)}
                )
            pause = min(FIRST_PAUSE * 2**failures, LONGEST_PAUSE)
            self._note(ledger, _Straggler(time.monotonic() + pause, failures + 1))
        else:
            self._note(ledger, None if done else _Straggler(time.monotonic()))

    def _note(self, ledger: UUID, straggler: _Straggler | None) -> None:
        with self._lock:
            if straggler is None:
                self._waiting.pop(ledger, None)
            else:
                self._waiting[ledger] = straggler
