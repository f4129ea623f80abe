"""A task goes on whatever happens to its work: woken, at its interval, and after every failure."""

import asyncio
import logging
from collections.abc import Callable

import pytest

from chassis.background.async_loop import AsyncLoop
from chassis.background.backoff import Backoff

SOON = 0.001


class CountedWork(AsyncLoop):
    """Counts its rounds, and fails in those that it is told to."""

    def __init__(self, interval: float | None, failing: range = range(0)) -> None:
        super().__init__("counted", interval, backoff=(SOON,))
        self.rounds = 0
        self._counted = asyncio.Condition()
        self._failing = failing

    async def work(self) -> None:
        async with self._counted:
            self.rounds += 1
            self._counted.notify_all()
        if self.rounds in self._failing:
            raise RuntimeError("not today")

    async def reached(self, rounds: int) -> None:
        """Waits for a round."""
        async with self._counted:
            await self._counted.wait_for(lambda: self.rounds >= rounds)


def run(work: CountedWork, meanwhile: Callable[[], None], rounds: int) -> None:
    """Runs it until it had so many rounds; `meanwhile` is called after the first one."""

    async def story() -> None:
        work.start()
        async with asyncio.timeout(30):
            await work.reached(1)
            meanwhile()
            await work.reached(rounds)
        await asyncio.sleep(5 * SOON)  # for a round too many
        await work.stop()

    asyncio.run(story())


def test_it_starts_with_a_round_and_has_another_when_it_is_woken() -> None:
    work = CountedWork(None)

    run(work, work.wake, rounds=2)

    assert work.rounds == 2


def test_the_interval_wakes_it_too() -> None:
    run(CountedWork(SOON), lambda: None, rounds=3)


def test_a_failure_is_logged_once_and_the_work_repeated_until_it_succeeds(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "chassis.background.async_loop")

    run(CountedWork(None, failing=range(1, 5)), lambda: None, rounds=5)

    assert caplog.messages == ["background work waits", "background work goes on"]


def test_each_failure_has_its_traceback_at_the_level_debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "chassis.background.async_loop")

    run(CountedWork(None, failing=range(1, 3)), lambda: None, rounds=3)

    assert caplog.messages.count("background work failed") == 2
    assert caplog.text.count('RuntimeError("not today")') == 2


def test_a_loop_that_was_never_started_can_be_stopped() -> None:
    asyncio.run(CountedWork(None).stop())


def test_pauses_grow_until_the_last_and_start_again_after_a_success() -> None:
    backoff = Backoff((1.0, 2.0, 5.0))

    assert [backoff.fail() for _ in range(4)] == [1.0, 2.0, 5.0, 5.0]
    assert backoff.succeed()
    assert not backoff.succeed()
    assert backoff.fail() == 1.0
