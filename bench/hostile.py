"""Measures the effect of a hostile account on other accounts' writes and on the memory of all processes."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from bench.attack import BATCH, KINDS
from bench.databases import NewDatabase
from bench.figures import Figures, milliseconds
from bench.user import AT_ONCE, BenchUser
from tests.support.stack import Stack

GENEROUS, USUAL = "100000000/minute", "600/minute"
SECONDS = 12.0
NEIGHBOURS = 4
PAUSE = 0.12
"""Seconds between two writes of a neighbour: with it each stays below the usual limit."""
CATEGORIES, NOTE = 15_000, "\N{SLIGHTLY SMILING FACE}" * 2_000
LONG_ONES = 30
"""Expenses with such a note that fit into one request."""
ENTRIES = 6
"""Batches of corrections that the journal of a hostile account holds before it begins."""
CREATED = 201


def measure(_: NewDatabase, folder: Path) -> Figures:
    with Stack(folder / "home", GATEWAY_RATE_LIMIT=GENEROUS, GATEWAY_SIGN_IN_LIMIT=GENEROUS) as stack:
        hostile = {kind: _prepared(kind, BenchUser(f"http://127.0.0.1:{stack.port}")) for kind in KINDS}
    with Stack(folder / "home", GATEWAY_RATE_LIMIT=USUAL, GATEWAY_SIGN_IN_LIMIT=GENEROUS) as running:
        base = f"http://127.0.0.1:{running.port}"
        neighbours = [BenchUser(base) for _ in range(NEIGHBOURS)]
        _write(neighbours)  # warms up
        quiet, refused = _write(neighbours)
        before, figures = quiet, Figures()
        for kind, user in hostile.items():
            with _attacked(kind, base, user):
                during, more = _write(neighbours)
            # Compared with the writes just before and just after, since the load of the machine changes.
            after, even_more = _write(neighbours)
            figures[kind] = milliseconds(during, 0.95) / milliseconds([*before, *after], 0.95)
            quiet, before, refused = [*quiet, *after], after, refused + more + even_more
        figures["before"] = milliseconds(quiet, 0.95)
        return figures | {"refused": refused} | _memory(running.processes())


def _prepared(kind: str, user: BenchUser) -> BenchUser:
    """Fills the ledger of a hostile account for its attack, as far as the limits of expenses allow."""
    if kind in {"batches", "burst", "feeds", "exports"}:
        long = {"amount": "1.00", "category": "Food", "note": NOTE, "spent_on": "2026-03-01"}
        for _ in range(-(-AT_ONCE // LONG_ONES)):
            user.post(BATCH, {"create": [long] * LONG_ONES})
        ids = [item["id"] for item in user.get("/api/v1/expenses?limit=500").json["items"]]
        for number in range(ENTRIES * AT_ONCE // len(ids)):
            user.post(BATCH, {"update": [{"id": id_, "amount": f"{number + 2}.00"} for id_ in ids]})
    if kind == "categories":
        for start in range(0, CATEGORIES, AT_ONCE):
            names = [f"Category {number}" for number in range(start, start + AT_ONCE)]
            user.post(BATCH, {"create": [{"amount": "1.00", "category": name} for name in names]})
    return user


@contextmanager
def _attacked(kind: str, base: str, user: BenchUser) -> Iterator[None]:
    with subprocess.Popen([sys.executable, "-m", "bench.attack", kind, base, user.token or ""]) as process:
        try:
            time.sleep(1)  # until it has begun
            yield
            assert process.poll() is None, f"the attack by {kind} ended by itself"
        finally:
            process.kill()


def _write(users: list[BenchUser]) -> tuple[list[float], int]:
    """How long each write took, and how many were refused."""
    taken: list[float] = []
    statuses: list[int] = []
    deadline = time.monotonic() + SECONDS

    def write(user: BenchUser) -> None:
        while time.monotonic() < deadline:
            began = time.perf_counter()
            response = user.post("/api/v1/expenses", {"amount": "1.00", "category": "Food", "spent_on": "2026-03-01"})
            taken.append(time.perf_counter() - began)
            statuses.append(response.status)
            time.sleep(PAUSE)

    with ThreadPoolExecutor(len(users)) as pool:
        list(pool.map(write, users))
    return taken, sum(status != CREATED for status in statuses)


def _memory(processes: Mapping[str, int]) -> Figures:
    """The largest resident size that each has had, in MB."""
    return {f"memory_{name}": _peak(pid) / 1024 for name, pid in processes.items()}


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(status.partition("VmHWM:")[2].split()[0])
