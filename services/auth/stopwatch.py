"""Measures how long ago a stored moment was.

A wall clock may jump between two readings. The process that stored the moment therefore measures with its monotonic
clock. Any other process compares wall clocks, within bounds.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from chassis.process.clock import CLOCK_DIFFERENCE, Clock, elapsed

CACHE_SIZE = 20_000
"""Moments with a stored monotonic reading, about 250 bytes each."""

LONG_AGO = timedelta.max
"""The age of a moment impossibly far in the future, so that any time limit counts as passed."""


class Stopwatch:
    """Measures ages; thread-safe."""

    def __init__(self, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._readings: OrderedDict[tuple[UUID, datetime], float] = OrderedDict()
        self._lock = threading.Lock()

    def start(self, key: UUID, age: timedelta = timedelta(0)) -> datetime:
        """Returns the moment to store for an event `age` ago, and stores its monotonic reading."""
        moment = self._clock() - age
        with self._lock:
            self._readings[key, moment] = self._monotonic() - age.total_seconds()
            if len(self._readings) > CACHE_SIZE:
                self._readings.popitem(last=False)
        return moment

    def age(self, key: UUID, moment: datetime, bound: timedelta) -> timedelta:
        """Returns the age of a stored moment, never negative.

        LONG_AGO for a moment further in the future than `bound` and CLOCK_DIFFERENCE explain.
        """
        with self._lock:
            reading = self._readings.get((key, moment))
        if reading is not None:
            return timedelta(seconds=max(self._monotonic() - reading, 0))
        now = self._clock()
        return LONG_AGO if moment > now + bound + CLOCK_DIFFERENCE else elapsed(moment, now)
