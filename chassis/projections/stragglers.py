"""Reads slow ledgers in a separate thread, so that no other ledger waits for them."""

import logging
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from chassis.background.loop import BackgroundLoop
from contracts.ids import LedgerId

log = logging.getLogger(__name__)

CHECK_INTERVAL = 0.5
"""Seconds between two checks for ledgers that are due."""
FIRST_DELAY, MAX_DELAY = 1.0, 60.0
"""Seconds before a failed ledger is tried again; doubled each time."""


class _Straggler(NamedTuple):
    due: float
    failures: int = 0


class Stragglers(BackgroundLoop):
    """One thread. Applies one page of each due ledger in turn; a failed ledger waits longer each time."""

    def __init__(self, step: Callable[[LedgerId], bool]) -> None:
        """`step` applies one page of a ledger; returns whether it was the last. Any exception means a later retry."""
        super().__init__("stragglers", CHECK_INTERVAL)
        self._step = step
        self._lock = threading.Lock()
        self._waiting: dict[LedgerId, _Straggler] = {}

    def add(self, ledger: LedgerId) -> None:
        """Queues the ledger. One that is queued already keeps its due time."""
        with self._lock:
            self._waiting.setdefault(ledger, _Straggler(time.monotonic()))
        self.wake()

    def includes(self, ledger: LedgerId) -> bool:
        """Whether the thread runs and this ledger is queued."""
        return self._thread.is_alive() and ledger in self._waiting

    def work(self) -> None:
        """Applies one page of each due ledger, until none is due."""
        while not self.is_stopped and (ledger := self._next()) is not None:
            self._attempt(ledger)

    def _next(self) -> LedgerId | None:
        now = time.monotonic()
        with self._lock:
            due = [(straggler.due, ledger) for ledger, straggler in self._waiting.items() if straggler.due <= now]
        return min(due)[1] if due else None

    def _attempt(self, ledger: LedgerId) -> None:
        failures = self._waiting[ledger].failures
        try:
            done = self._step(ledger)
        except Exception as error:  # noqa: BLE001 - any error concerns this ledger alone
            if not failures:
                log.warning(
                    "a ledger cannot be read; it is tried again", extra={"ledger": ledger, "error": repr(error)}
                )
            pause = min(FIRST_DELAY * 2**failures, MAX_DELAY)
            self._set(ledger, _Straggler(time.monotonic() + pause, failures + 1))
        else:
            self._set(ledger, None if done else _Straggler(time.monotonic()))

    def _set(self, ledger: LedgerId, straggler: _Straggler | None) -> None:
        with self._lock:
            if straggler is None:
                self._waiting.pop(ledger, None)
            else:
                self._waiting[ledger] = straggler
