"""The supervisor keeps its programs running, and none outlives it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.survivors import SurvivorWatch
from tests.support.processes import is_alive
from tests.support.waiting import until

ALL = ("parent", "grandchild", "other", "late")


class SmallStack:
    def __init__(self, folder: Path, reader: int | None = None) -> None:
        """What it says goes into a log, or to a `reader`."""
        self.folder = folder
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.deploy.local.small_stack", str(folder)],
                stdout=log if reader is None else reader,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until(lambda: all(self.pid(name) for name in ALL), what="every program to start")

    def pid(self, name: str) -> int | None:
        file = self.folder / name
        text = file.read_text("utf-8") if file.exists() else ""
        return int(text) if text.endswith("\n") else None

    def pids(self) -> list[int]:
        return [pid for name in ALL if (pid := self.pid(name))]

    def said(self) -> str:
        return self.log.read_text("utf-8")


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[SmallStack]:
    running = SmallStack(tmp_path)
    yield running
    running.process.kill()
    running.process.wait()


def all_gone(pids: list[int]) -> bool:
    return not any(is_alive(pid) for pid in pids)


def test_a_killed_program_comes_back(stack: SmallStack) -> None:
    before = stack.pid("other")
    assert before is not None

    os.kill(before, signal.SIGKILL)

    until(lambda: stack.pid("other") not in {None, before}, what="another process in its place")
    until(lambda: "other was ended by SIGKILL; starting it again" in stack.said(), what="a word about it")


def test_a_quiet_program_is_heard_when_it_ends_unasked(stack: SmallStack) -> None:
    assert "my last words" not in stack.said()

    os.kill(stack.pid("other") or 0, signal.SIGKILL)

    until(lambda: "other   my last words" in stack.said(), what="what it had said")


def test_what_a_killed_program_had_started_is_ended_before_it_comes_back(stack: SmallStack) -> None:
    parent, grandchild = stack.pid("parent"), stack.pid("grandchild")
    assert parent is not None
    assert grandchild is not None

    os.kill(parent, signal.SIGKILL)

    until(lambda: stack.pid("parent") not in {None, parent}, what="another process in its place")
    assert not is_alive(grandchild)


def test_a_program_that_cannot_start_says_why_and_is_tried_again(stack: SmallStack) -> None:
    until(lambda: stack.said().count("broken  the reason") > 1, what="a second try")

    assert "broken ended with code 3; starting it again in 0.2 s" in stack.said()
    until(lambda: "starting it again in 0.8 s" in stack.said(), what="a growing pause")


def test_a_program_that_cannot_start_until_a_person_acts_ends_a_stack_that_was_never_ready(tmp_path: Path) -> None:
    (tmp_path / "gives up").write_text("at once", "utf-8")

    ended = subprocess.run(
        [sys.executable, "-m", "tests.deploy.local.small_stack", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (1, "\nThe disk is full.\n\n")
    assert "broken ended" not in ended.stdout
    assert all_gone([int(path.read_text("utf-8")) for path in tmp_path.iterdir() if path.name in ALL])


def test_once_the_stack_was_ready_it_is_tried_again(stack: SmallStack) -> None:
    (stack.folder / "gives up").write_text("now", "utf-8")

    until(lambda: "broken ended with code 78; starting it again" in stack.said(), what="another try")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_it_stops_everything_and_ends_well(stack: SmallStack, number: signal.Signals) -> None:
    pids = stack.pids()

    stack.process.send_signal(number)

    assert stack.process.wait(timeout=30) == 0
    assert all_gone(pids)


def test_with_a_closed_output_it_still_stops_everything(tmp_path: Path) -> None:
    """`make run | tee log`: Ctrl-C ends tee first."""
    stack = SmallStack(tmp_path, subprocess.PIPE)
    pids = stack.pids()
    assert stack.process.stdout is not None
    stack.process.stdout.close()

    stack.process.send_signal(signal.SIGINT)

    assert stack.process.wait(timeout=30) == 0
    assert all_gone(pids)


def test_what_could_not_be_stopped_does_not_survive_the_watch() -> None:
    with subprocess.Popen(["/bin/sh", "-c", "read forever"], stdin=subprocess.PIPE, start_new_session=True) as program:
        with SurvivorWatch() as watch:
            watch.cover([program.pid])

        assert program.wait(timeout=30) == -signal.SIGKILL


def test_when_it_is_killed_nothing_survives(stack: SmallStack) -> None:
    pids = stack.pids()

    stack.process.kill()

    until(lambda: all_gone(pids), what="every program and its child to end")
