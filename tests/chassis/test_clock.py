"""A stored moment holds nothing for longer than its bound, whichever way the clock was moved."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.process.clock import (
    CLOCK_DIFFERENCE,
    EARLIEST,
    STEADY_AFTER,
    ClockNotSetError,
    SteadyClock,
    elapsed,
    is_due,
    remaining,
    require_set,
)
from tests.support.clock import FakeClock

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
MINUTE, HOUR, YEAR = timedelta(minutes=1), timedelta(hours=1), timedelta(days=365)
NONE = timedelta(0)


@pytest.mark.parametrize(
    ("until", "left"),
    [
        (NOW + MINUTE, MINUTE),
        (NOW + HOUR, HOUR),
        (NOW + HOUR + CLOCK_DIFFERENCE, HOUR),
        (NOW + HOUR + CLOCK_DIFFERENCE * 2, NONE),
        (NOW + YEAR, NONE),
        (NOW, NONE),
        (NOW - YEAR, NONE),
    ],
)
def test_what_remains_is_never_more_than_the_bound(until: datetime, left: timedelta) -> None:
    assert remaining(until, NOW, HOUR) == left


def test_no_time_has_passed_since_a_moment_in_the_future() -> None:
    assert elapsed(NOW - HOUR, NOW) == HOUR
    assert elapsed(NOW + YEAR, NOW) == NONE


@pytest.mark.parametrize(
    ("last", "due"),
    [(None, True), (NOW, False), (NOW + CLOCK_DIFFERENCE, False), (NOW + YEAR, True), (NOW - HOUR, True)],
)
def test_work_is_due_again_though_it_was_done_in_the_future(last: datetime | None, due: bool) -> None:  # noqa: FBT001
    assert is_due(last, NOW, HOUR) is due


@pytest.mark.parametrize("jump", [YEAR, -YEAR, 2 * MINUTE, -2 * MINUTE])
def test_a_clock_is_steady_an_hour_after_its_start_and_after_every_jump(jump: timedelta) -> None:
    clock = FakeClock(NOW)
    steady = SteadyClock(clock, clock.monotonic)
    assert not steady.is_steady()
    clock.pass_by(seconds=STEADY_AFTER.total_seconds())
    assert steady.is_steady()

    clock.jump(seconds=jump.total_seconds())
    assert not steady.is_steady()
    clock.pass_by(minutes=59)
    assert not steady.is_steady()
    clock.jump(seconds=-jump.total_seconds())
    assert not steady.is_steady(), "that it was put right is a jump as well"
    clock.pass_by(seconds=STEADY_AFTER.total_seconds())
    assert steady.is_steady()


def test_a_clock_that_is_only_adjusted_stays_steady() -> None:
    clock = FakeClock(NOW)
    steady = SteadyClock(clock, clock.monotonic)
    clock.pass_by(seconds=STEADY_AFTER.total_seconds())
    clock.jump(seconds=2)
    assert steady.is_steady()


def test_a_clock_that_was_never_set_is_refused_in_one_sentence() -> None:
    require_set(lambda: EARLIEST)
    with pytest.raises(ClockNotSetError, match="1970-01-01 00:00 UTC"):
        require_set(lambda: datetime(1970, 1, 1, tzinfo=UTC))
