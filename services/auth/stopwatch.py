"""How long ago a stored moment was.

A wall clock may jump while the seconds that matter pass. A process that stored the moment itself measures with its
monotonic clock; any other one compares wall clocks, within bounds.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from chassis.process.clock import CLOCK_DIFFERENCE, Clock, elapsed

CACHE_SIZE = 20_000
"""Moments for which the monotonic reading is kept, about 250 bytes each."""

LONG_AGO = timedelta.max
"""The age of a moment that lies impossibly far in the future: whatever waits for it has waited long enough."""


class Stopwatch:
    """Measures ages; safe for use by several threads."""

    def __init__(self, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._readings: OrderedDict[tuple[UUID, datetime], float] = OrderedDict()
        self._lock = threading.Lock()

    def start(self, key: UUID, age: timedelta = timedelta(0)) -> datetime:
        """Returns the moment to store for something that happened `age` ago, and remembers when that was."""
        moment = self._clock() - age
        with self._lock:
            self._readings[key, moment] = self._monotonic() - age.total_seconds()
            if len(self._readings) > CACHE_SIZE:
                self._readings.popitem(last=False)
        return moment

    def age(self, key: UUID, moment: datetime, bound: timedelta) -> timedelta:
        """The age of a stored moment, never negative.

        LONG_AGO for a moment further in the future than `bound` and the difference between two clocks can explain.
        """
        with self._lock:
            reading = self._readings.get((key, moment))
        if reading is not None:
            return timedelta(seconds=max(self._monotonic() - reading, 0))
        now = self._clock()
        return LONG_AGO if moment > now + bound + CLOCK_DIFFERENCE else elapsed(moment, now)
