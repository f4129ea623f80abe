"""Measures the effect of a hanging program on others. SIGSTOP leaves its connections open without responses."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.databases import NewDatabase
from bench.figures import Figures, milliseconds
from bench.load import LoadTarget, fire
from bench.programs import repeated, stack
from bench.user import PASSWORD, BenchUser, expect
from tests.support.client import ApiResponse, Client
from tests.support.stack import Stack
from tests.support.waiting import until

OK, REFUSED = 200, 503
SECONDS = 8.0
READERS = 8
PAUSE = 0.1
"""Seconds between two requests of one reader."""
SUMMARY = "/api/v1/summary?from=2026-01-01&to=2026-12-31"
LONG_PAST = "/api/v1/summary?from=2010-01-01&to=2010-01-{:02}"


def measure(_: NewDatabase, folder: Path) -> Figures:
    with stack(folder) as outlay:
        user = BenchUser(f"http://127.0.0.1:{outlay.port}")
        return _insights_hang(outlay, user) | _redis_hangs(outlay, user)


def _insights_hang(outlay: Stack, user: BenchUser) -> Figures:
    """Readers ask for summaries all the time, which are never ready since there is always a new expense."""
    before, answered = _recorded(user)
    assert {response.status for response in answered} == {OK}, "summaries are answered while all runs"
    with _stopped(outlay, "insights"):
        during, unanswered = _recorded(user)
    until(lambda: user.get(SUMMARY).status == OK, what="summaries to be answered again")
    refused = [response for response in unanswered if response.status == REFUSED and "Retry-After" in response.headers]
    return {
        "recording": milliseconds(during) / milliseconds(before),
        "recording_before": milliseconds(before),
        "recording_during": milliseconds(during),
        "refused": len(refused) / len(unanswered),
    }


def _recorded(user: BenchUser) -> tuple[list[float], list[ApiResponse]]:
    """How long each recording took, and what the readers were told meanwhile."""
    taken: list[float] = []
    responses: list[ApiResponse] = []

    def read(number: int) -> None:
        responses.append(reader.get(LONG_PAST.format(number % 28 + 1)))

    reader = Client(user.base, user.token)
    with ExitStack() as readers:
        for _ in range(READERS):
            readers.enter_context(repeated(read, PAUSE))
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            began = time.perf_counter()
            user.record(amount="1.00", category="Food", spent_on="2026-03-01")
            taken.append(time.perf_counter() - began)
            time.sleep(0.01)
    return taken, responses


def _redis_hangs(outlay: Stack, user: BenchUser) -> Figures:
    """One client sends cheap requests again and again, beside users who sign in, read and write."""
    light = LoadTarget(f"{user.base}/livez", Client(user.base).get("/livez").body.decode())
    steps: tuple[Callable[[int], object], ...] = (
        lambda _: expect(user.post("/api/v1/auth/login", {"email": user.email, "password": PASSWORD}), 200),
        lambda _: expect(user.get(SUMMARY), 200),
        lambda _: user.record(amount="1.00", category="Food", spent_on="2026-03-01"),
    )
    with ExitStack() as doing:
        for step in steps:
            doing.enter_context(repeated(step, PAUSE))
        before = fire(light, seconds=int(SECONDS), connections=1)
        with _stopped(outlay, "redis"):
            during = fire(light, seconds=int(SECONDS), connections=1)
    return {"stall": during.longest, "stall_before": before.longest}


@contextmanager
def _stopped(outlay: Stack, name: str) -> Iterator[None]:
    pid = outlay.processes()[name]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
