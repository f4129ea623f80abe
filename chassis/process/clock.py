"""Time read from storage, on a machine whose clock may have been wrong when it was stored, or be wrong now.

A stored moment holds nothing for longer than its own bound: what it leaves is never more than that, and one that is
further ahead than bound and clock difference was written by a wrong clock, and counts as absent. Durations within a
process are measured by `time.monotonic` and need none of this.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Returns the current moment, in UTC."""

CLOCK_DIFFERENCE = timedelta(seconds=30)
"""The most by which the clocks of two machines may differ."""

EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)
"""There was no Outlay before: a clock that says so was never set, as on a board without a battery at boot."""

STEADY_AFTER = timedelta(hours=1)
"""A clock that did not jump for this long is believed where the answer cannot be taken back."""

_NONE = timedelta(0)


class ClockNotSetError(SystemExit):
    """The clock of this machine was never set: the process ends with this sentence, and is started again later."""

    def __init__(self, now: datetime) -> None:
        super().__init__(
            f"The clock of this machine says {now:%Y-%m-%d %H:%M} UTC, which cannot be. Set it, and Outlay starts."
        )


def utc_now() -> datetime:
    """The clock of the operating system."""
    return datetime.now(UTC)


def elapsed(since: datetime, now: datetime) -> timedelta:
    """Time since a stored moment; none where that lies in the future."""
    return max(now - since, _NONE)


def remaining(until: datetime, now: datetime, bound: timedelta) -> timedelta:
    """Time until a stored moment, between none and `bound`; none where the moment cannot be a right one."""
    left = until - now
    return _NONE if left > bound + CLOCK_DIFFERENCE else min(max(left, _NONE), bound)


def is_due(last: datetime | None, now: datetime, every: timedelta) -> bool:
    """Whether work of a stored last time is due again; also where it was never done, or apparently in the future."""
    return last is None or last > now + CLOCK_DIFFERENCE or now - last >= every


def require_set(clock: Clock = utc_now) -> None:
    """Raises ClockNotSetError if the clock is before EARLIEST: rows stored now would expire when it is corrected."""
    if (now := clock()) < EARLIEST:
        raise ClockNotSetError(now)


class SteadyClock:
    """Measures whether the clock has run for STEADY_AFTER without a jump, counted from its creation.

    Rows are deleted for their age only then: a clock that is a year ahead for a moment must not empty a table.
    A machine that sleeps looks like a jump, and only delays the next deletion.
    """

    def __init__(self, clock: Clock = utc_now, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._begin()

    def is_steady(self) -> bool:
        """A jump between two calls starts the hour anew."""
        ran = timedelta(seconds=self._monotonic() - self._started)
        if abs(self._clock() - self._moment - ran) > CLOCK_DIFFERENCE:
            self._begin()
            return False
        return ran >= STEADY_AFTER

    def _begin(self) -> None:
        self._moment, self._started = self._clock(), self._monotonic()
