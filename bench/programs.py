"""Starts the measured programs, each in a process of its own, and ends them."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.local.ports import free_port
from deploy.local.readiness import is_ready
from tests.support.stack import Stack
from tests.support.waiting import until

UNUSED_URL = "http://127.0.0.1:1"
"""For what a measurement does not need."""
UNLIMITED = {"GATEWAY_RATE_LIMIT": "100000000/minute", "GATEWAY_SIGN_IN_LIMIT": "1000000/minute"}
"""The limiters stay on the path."""


class RunningProgram:
    """A program that serves HTTP."""

    def __init__(self, url: str, pid: int) -> None:
        self.url = url
        self.pid = pid


@contextmanager
def served(
    app: str, told: Mapping[str, str], *, ready: str = "/readyz", factory: bool = True
) -> Iterator[RunningProgram]:
    """An ASGI app under uvicorn with one worker, started as `make run` starts ours."""
    port = free_port()
    command = (
        *(sys.executable, "-m", "uvicorn", app, "--port", str(port), *(["--factory"] if factory else [])),
        *("--log-level", "warning", "--no-access-log", "--no-server-header", "--no-proxy-headers"),
    )
    with started(command, told, f"http://127.0.0.1:{port}", ready) as running:
        yield running


@contextmanager
def started(command: tuple[str, ...], told: Mapping[str, str], url: str, ready: str) -> Iterator[RunningProgram]:
    """Runs any program, and yields it once it is ready."""
    with subprocess.Popen(command, env=os.environ | told, stdout=subprocess.DEVNULL) as process:
        try:
            until(lambda: process.poll() is not None or is_ready(url + ready), what=f"{command[3]} to be ready")
            assert process.poll() is None, f"{command[3]} ended while starting"
            yield RunningProgram(url, process.pid)
        finally:
            process.terminate()


@contextmanager
def service(name: str, database_url: str, keys: Mapping[str, str], **told: str) -> Iterator[RunningProgram]:
    """One of our services alone: without Redis, and without those of the others that it is not told of."""
    urls = dict.fromkeys(("AUTH_URL", "EXPENSES_URL", "JWKS_URL"), UNUSED_URL)
    settings = {
        "DATABASE_URL": database_url,
        "SERVICE_KEYS": json.dumps(dict(keys)),
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "LOG_LEVEL": "ERROR",
    }
    with served(f"services.{name}.app:create", urls | settings | told) as running:
        yield running


@contextmanager
def stack(folder: Path, **told: str) -> Iterator[Stack]:
    """Runs all of Outlay as `make run` does, with limits that no load reaches."""
    with Stack(folder / "home", **UNLIMITED, **told) as running:
        yield running


def processor_seconds(pid: int) -> float:
    """Returns the CPU time of a process in seconds; 0 if only `ps` could tell."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def repeated(step: Callable[[int], object], pause: float) -> Iterator[None]:
    """Done again and again beside what happens inside, `pause` seconds between; its failure is one of the whole."""
    over, failed = threading.Event(), list[Exception]()

    def run() -> None:
        number = 0
        try:
            while not over.wait(pause):
                step(number := number + 1)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told below
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    if failed:
        raise failed[0]
