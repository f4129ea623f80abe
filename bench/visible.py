"""Measures how soon a write is visible in another client's summary."""

import time
from pathlib import Path

from bench.databases import NewDatabase
from bench.figures import Figures, milliseconds
from bench.programs import stack
from bench.user import BenchUser, expect
from tests.support.client import Client
from tests.support.waiting import TIMEOUT

WRITES = 300
SUMMARY = "/api/v1/summary?from=2026-01-01&to=2026-12-31"


def measure(_: NewDatabase, folder: Path) -> Figures:
    """One write after the other; the reader asks again and again, and names no revision."""
    written: list[float] = []
    visible: list[float] = []
    own: list[float] = []
    with stack(folder) as outlay:
        author = BenchUser(f"http://127.0.0.1:{outlay.port}")
        reader = Client(author.base, author.token)
        for number in range(1, 2 * WRITES + 1):
            began = time.perf_counter()
            revision = author.record(amount="1.00", category="Food", spent_on="2026-03-01").revision
            acknowledged = time.perf_counter()
            written.append(acknowledged - began)
            if number % 2:
                _wait_for(reader, revision, number)
                visible.append(time.perf_counter() - acknowledged)
            else:
                response = expect(author.get(SUMMARY, Outlay_Min_Revision=str(revision)), 200)
                own.append(time.perf_counter() - acknowledged)
                assert response.revision >= revision, "a stale read of one's own write"
                _wait_for(reader, revision, number)
    return {
        "p50": milliseconds(visible),
        "p99": milliseconds(visible, 0.99),
        "write": milliseconds(written),
        "own": milliseconds(own),
    }


def _wait_for(reader: Client, revision: int, count: int) -> None:
    deadline = time.monotonic() + TIMEOUT
    while (response := expect(reader.get(SUMMARY), 200)).revision < revision:
        assert time.monotonic() < deadline, f"revision {revision} never showed"
    assert (response.json["count"], response.json["total"]) == (count, f"{count}.00"), response.body
