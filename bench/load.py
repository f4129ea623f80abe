"""Load from autocannon: several connections, each of which sends the next request after a response."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.programs import processor_seconds
from deploy.local.node import find_node
from deploy.local.workshop import WORKSHOP, alone, fingerprint, forget, is_done, note_done, say

CONNECTIONS = 16
_PACKAGE = Path(__file__).parent / "autocannon"
_STEP = "autocannon"


class LoadTarget(NamedTuple):
    """The URL that is requested repeatedly."""

    url: str
    body: str
    """The expected response, byte for byte."""
    token: str | None = None
    pid: int | None = None
    """The process whose CPU time is measured."""


class LoadResult(NamedTuple):
    """The result of one load, or the sum of several."""

    requests: int
    seconds: float
    work: float
    """In seconds of CPU time."""
    longest: float = 0
    """Milliseconds that one request took."""

    @property
    def rate(self) -> float:
        return self.requests / self.seconds

    @property
    def work_each(self) -> float:
        """Microseconds of CPU time per request."""
        return self.work / self.requests * 1e6


def alternate(targets: Mapping[str, LoadTarget], *, rounds: int, seconds: int) -> dict[str, LoadResult]:
    """Runs each load in turn, several times, so that other activity on the machine affects all equally."""
    for target in targets.values():
        fire(target, seconds=1)  # warms up
    results: dict[str, list[LoadResult]] = {name: [] for name in targets}
    for number in range(rounds):
        # In reverse order in every second round, so that the first one has no advantage.
        for name in list(targets)[:: -1 if number % 2 else 1]:
            results[name].append(fire(targets[name], seconds=seconds))
    return {name: _together(loads) for name, loads in results.items()}


def fire(target: LoadTarget, *, seconds: int, connections: int = CONNECTIONS) -> LoadResult:
    """Runs one load. Compares every response with the expected one; a wrong one ends the measurement."""
    command = ["--connections", str(connections), "--duration", str(seconds), "--expectBody", target.body]
    command += ["--headers", f"Authorization=Bearer {target.token}"] if target.token else []
    before = processor_seconds(target.pid) if target.pid else 0
    report = json.loads(_autocannon(*command, target.url))
    spent = processor_seconds(target.pid) - before if target.pid else 0
    wrong = {name: report[name] for name in ("errors", "timeouts", "non2xx", "mismatches") if report[name]}
    assert not wrong, f"{target.url}: {wrong}"
    assert report["2xx"], f"{target.url} answered nothing"
    return LoadResult(report["2xx"], report["duration"], spent, report["latency"]["max"])


def _together(loads: Sequence[LoadResult]) -> LoadResult:
    return LoadResult(
        sum(load.requests for load in loads),
        sum(load.seconds for load in loads),
        sum(load.work for load in loads),
        max(load.longest for load in loads),
    )


def _autocannon(*words: str) -> str:
    node, folder = find_node(), _installed()
    command = ["node", str(folder / "node_modules" / "autocannon" / "autocannon.js"), "--json", *words]
    environment = os.environ | {"PATH": node.path}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def _installed() -> Path:
    folder, files = WORKSHOP / "autocannon", [_PACKAGE / name for name in ("package.json", "package-lock.json")]
    mark = fingerprint(files)
    with alone():
        if is_done(_STEP, mark):
            return folder
        say("Fetching autocannon, which makes the load …")
        forget(_STEP)
        folder.mkdir(exist_ok=True)
        for file in files:
            shutil.copy(file, folder)
        find_node().run_npm("ci", "--no-audit", "--no-fund", folder=folder)
        note_done(_STEP, mark)
    return folder
