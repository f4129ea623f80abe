"""Clocks for tests: stopped until a test moves them."""

from datetime import UTC, datetime, timedelta

from chassis.process.clock import STEADY_AFTER, SteadyClock


class FakeClock:
    """A wall clock and a monotonic one. Time that passes moves both; a jump moves the wall clock alone."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or datetime.now(UTC)
        self.ran = 0.0

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.ran

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.ran += timedelta(**span).total_seconds()

    def jump(self, **span: float) -> None:
        self.now += timedelta(**span)


def steady() -> SteadyClock:
    """A clock that has not jumped for long enough to be believed."""
    clock = FakeClock()
    found = SteadyClock(clock, clock.monotonic)
    clock.pass_by(seconds=STEADY_AFTER.total_seconds())
    return found
