"""`python -m deploy.local.measure`: measures the time of a warm start, and the memory of the idle stack.

It runs a stack of its own, in a folder that is gone afterwards. Memory is PSS, in which a page that several
processes share counts once; only Linux tells it.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from deploy.local.ports import free_port
from deploy.local.readiness import is_ready
from deploy.local.workshop import ROOT

SETTLING = 20.0
"""Seconds after which all starting and importing has ended."""


class StackMeasurement(NamedTuple):
    """The measurements of a warm start."""

    seconds: float
    """Seconds until it was ready."""
    sizes: Mapping[str, float]
    """Megabytes of each process, by its command."""

    @property
    def megabytes(self) -> float:
        """The sum of all processes."""
        return sum(self.sizes.values())


def measure(home: Path) -> StackMeasurement:
    """Measures the second start in a folder; the first one creates the databases."""
    environment = os.environ | {"OUTLAY_HOME": str(home), "PORT": str(free_port())}
    _stop(_start(environment)[0])
    stack, seconds = _start(environment)
    time.sleep(SETTLING)
    measured = StackMeasurement(seconds, {_command(pid): _pss(pid) / 1024 for pid in _family(stack.pid)})
    _stop(stack)
    return measured


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        measured = measure(Path(home))
    print(f"a warm start is ready after {measured.seconds:.1f} s")
    for command, size in measured.sizes.items():
        print(f"{size:8.1f} MB  {command}")
    print(f"{measured.megabytes:8.1f} MB  in all")


def _start(environment: dict[str, str]) -> tuple[subprocess.Popen[bytes], float]:
    began = time.monotonic()
    command = [sys.executable, "-m", "deploy.local"]
    stack = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    while not is_ready(f"http://127.0.0.1:{environment['PORT']}/readyz"):
        if stack.poll() is not None:
            sys.exit("The stack ended while it was starting.")
        time.sleep(0.02)
    return stack, time.monotonic() - began


def _stop(stack: subprocess.Popen[bytes]) -> None:
    stack.send_signal(signal.SIGTERM)
    stack.wait()


def _command(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text("utf-8").split("\0")
    return f"{pid} {' '.join(words[1:6])[:70] or words[0]}"


def _family(root: int) -> list[int]:
    """Returns a process and all its descendants."""
    family = [root]
    for pid in family:
        lists = [file.read_text("ascii") for file in Path(f"/proc/{pid}/task").glob("*/children")]
        family += [int(child) for child in "".join(lists).split()]
    return family


def _pss(pid: int) -> int:
    """Returns the proportional set size, in kilobytes."""
    match = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8"), re.MULTILINE)
    return int(match[1]) if match else 0


if __name__ == "__main__":
    main()
