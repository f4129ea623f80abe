"""Stored times, on a machine whose clock may be wrong now, or may have been wrong when they were stored.

A stored time is trusted for at most its own bound: the remaining duration never exceeds the bound, and a time further
ahead than bound plus clock difference was written by a wrong clock and counts as absent. Durations within a process
are measured by `time.monotonic` and need none of this.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Returns the current moment, in UTC."""

CLOCK_DIFFERENCE = timedelta(seconds=30)
"""The most by which the clocks of two machines may differ."""

EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)
"""Outlay did not exist before. A clock before this was never set, as on a board without a battery at boot."""

STEADY_AFTER = timedelta(hours=1)
"""A clock that did not jump for this long is trusted with irreversible actions."""

_NONE = timedelta(0)


class ClockNotSetError(SystemExit):
    """The clock of this machine was never set. Ends the process with a sentence; a supervisor restarts it later."""

    def __init__(self, now: datetime) -> None:
        super().__init__(
            f"The clock of this machine says {now:%Y-%m-%d %H:%M} UTC, which cannot be. Set it, and Outlay starts."
        )


def utc_now() -> datetime:
    """Returns the time of the operating system's clock."""
    return datetime.now(UTC)


def elapsed(since: datetime, now: datetime) -> timedelta:
    """Returns the time since a stored moment; zero if that lies in the future."""
    return max(now - since, _NONE)


def remaining(until: datetime, now: datetime, bound: timedelta) -> timedelta:
    """Returns the time until a stored moment, between zero and `bound`; zero if the moment cannot be right."""
    duration = until - now
    return _NONE if duration > bound + CLOCK_DIFFERENCE else min(max(duration, _NONE), bound)


def is_due(last: datetime | None, now: datetime, every: timedelta) -> bool:
    """Whether work last done at a stored time is due again; True if it was never done, or apparently in the future."""
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
        """Whether the clock is steady. A jump between two calls restarts the hour."""
        ran = timedelta(seconds=self._monotonic() - self._started)
        if abs(self._clock() - self._moment - ran) > CLOCK_DIFFERENCE:
            self._begin()
            return False
        return ran >= STEADY_AFTER

    def _begin(self) -> None:
        self._moment, self._started = self._clock(), self._monotonic()
