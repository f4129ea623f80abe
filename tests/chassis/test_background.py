"""Work goes on whatever happens to it: woken, by the clock, and after every failure."""

import logging
from collections.abc import Iterator

import pytest

from chassis.background.loop import BackgroundLoop
from tests.support.waiting import until

NEVER = 3_600.0
SOON = 0.01


class BackgroundWork(BackgroundLoop):
    def __init__(self, every: float) -> None:
        super().__init__("sums", every, backoff=(SOON,))
        self.rounds = 0
        self.failing = False

    def work(self) -> None:
        self.rounds += 1
        if self.failing:
            raise RuntimeError("not today")


@pytest.fixture
def every() -> float:
    return NEVER


@pytest.fixture
def work(every: float) -> Iterator[BackgroundWork]:
    found = BackgroundWork(every)
    found.start()
    until(lambda: found.rounds, what="the first round")
    yield found
    found.stop()
    assert not found._thread.is_alive()


def test_it_begins_with_a_round_and_has_another_when_it_is_woken(work: BackgroundWork) -> None:
    for rounds in range(2, 5):
        work.wake()
        until(lambda: work.rounds >= rounds, what="the next round")  # noqa: B023 - called before the loop goes on


@pytest.mark.parametrize("every", [SOON])
def test_the_clock_wakes_it_too(work: BackgroundWork) -> None:
    until(lambda: work.rounds > 3, what="rounds that were not requested")


def test_a_failure_is_said_once_and_tried_again_until_it_is_over(
    work: BackgroundWork, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "chassis.background.loop")
    work.failing = True
    work.wake()
    until(lambda: work.rounds > 5, what="several tries")
    work.failing = False
    until(lambda: "background work goes on" in caplog.messages, what="the end of the trouble")

    said = [record.getMessage() for record in caplog.records if record.name == "chassis.background.loop"]
    assert said == ["background work waits", "background work goes on"]
