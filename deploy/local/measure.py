"""`python -m deploy.local.measure`: how long a warm start takes, and how much memory the idle stack needs.

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
from pathlib import Path

from deploy.local.ports import free_port
from deploy.local.readiness import is_ready
from deploy.local.workshop import ROOT

GOAL_SECONDS, GOAL_MEGABYTES = 6.0, 450
SETTLING = 20.0
"""Seconds after which nothing is being started or imported any more."""


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"OUTLAY_HOME": home, "PORT": str(free_port())}
        for attempt in ("first start (makes the databases)", "warm start"):
            stack, seconds = _start(environment)
            print(f"{attempt}: ready after {seconds:.1f} s (goal for a warm one: {GOAL_SECONDS:g} s)")
            if attempt == "warm start":
                time.sleep(SETTLING)
                _print_memory(stack.pid)
            stack.send_signal(signal.SIGTERM)
            stack.wait()


def _start(environment: dict[str, str]) -> tuple[subprocess.Popen[bytes], float]:
    began = time.monotonic()
    command = [sys.executable, "-m", "deploy.local"]
    stack = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    while not is_ready(f"http://127.0.0.1:{environment['PORT']}/readyz"):
        if stack.poll() is not None:
            sys.exit("The stack ended while it was starting.")
        time.sleep(0.02)
    return stack, time.monotonic() - began


def _print_memory(supervisor: int) -> None:
    sizes = {pid: _pss(pid) for pid in _family(supervisor)}
    for pid, size in sizes.items():
        command = Path(f"/proc/{pid}/cmdline").read_text("utf-8").split("\0")
        print(f"{size / 1024:8.1f} MB  {' '.join(command[1:6])[:70] or command[0]}")
    print(f"{sum(sizes.values()) / 1024:8.1f} MB  in all (goal: {GOAL_MEGABYTES} MB)")


def _family(root: int) -> list[int]:
    """A process and all that it, or those, started."""
    family = [root]
    for pid in family:
        lists = [file.read_text("ascii") for file in Path(f"/proc/{pid}/task").glob("*/children")]
        family += [int(child) for child in "".join(lists).split()]
    return family


def _pss(pid: int) -> int:
    """Kilobytes."""
    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8"), re.MULTILINE)
    return int(found[1]) if found else 0


if __name__ == "__main__":
    main()
