"""One run: the stack, its clients and listeners, the storms and rests, and what was there in the end."""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import urllib3

from deploy.local.workshop import ROOT
from tests.chaos import final_state, quiet_periods
from tests.chaos.callers import ChaosAccount, ChaosCaller
from tests.chaos.checker import check
from tests.chaos.clients import ChaosClient, ClientGate
from tests.chaos.fault_burst import BLACKOUT_EVERY, BURST_SECONDS, SETTLING, FaultBurst
from tests.chaos.faults import FaultTargets
from tests.chaos.history import ChaosHistory
from tests.chaos.links import NetworkLinks
from tests.chaos.quiet_periods import LiveListener
from tests.chaos.servers import DatabaseServer, PostgresServer, SqliteFiles
from tests.chaos.stacks import ChaosStack
from tests.chaos.writes import ConsistencyFinding
from tests.support.disk import SmallDisk

KEPT = ROOT / ".chaos"
"""Where histories go that are worth keeping."""
CLIENTS_PER_LEDGER = (4, 3, 2)
"""Clients on each ledger."""
MEMORY_EVERY = 5.0
DISK = 256
"""Megabytes under the SQLite files: far more than a run of 12 minutes writes, and quick to be filled."""


@dataclass(frozen=True)
class ChaosRun:
    """What is to be run. The same seed gives the same faults in the same order; threads and processes stay free."""

    database: str
    seconds: float
    seed: str
    mutation: str = ""
    rate: float = 2.0
    """Faults a second while a storm lasts."""
    storm: float = BURST_SECONDS
    only: tuple[str, ...] = ()
    """The faults that there are, by the names of their functions; all where none is named."""
    aim: str = ""
    """The one program that is killed, where a run is about that."""
    keep: bool = False
    """Whether the history is kept even where nothing was found."""
    thorough: bool = True
    """Whether to wait in the end for the stack's own sweep and audit, which take up to 40 seconds."""


@dataclass(frozen=True)
class ChaosOutcome:
    """What came of a run."""

    run: ChaosRun
    findings: Sequence[ConsistencyFinding]
    history: ChaosHistory
    log: str


def perform(run: ChaosRun) -> ChaosOutcome:
    """Runs, ends everything, and checks. The history is kept where something was found."""
    KEPT.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    name = f"{time.strftime('%m%d-%H%M%S')}-{run.database}-{run.seed}{'-' + run.mutation if run.mutation else ''}"
    history = ChaosHistory(KEPT / f"{name}.jsonl.gz")
    try:
        history.record("run", database=run.database, seconds=run.seconds, seed=run.seed, mutation=run.mutation)
        log = _perform(run, folder, history)
    except BaseException:
        if (said := folder / "home.log").exists():
            shutil.copy(said, KEPT / f"{name}.log")
        raise
    finally:
        history.close()
        shutil.rmtree(folder, ignore_errors=True)
    findings = check(history.events)
    if findings or run.keep:
        (KEPT / f"{name}.log").write_text(log, "utf-8")
        (KEPT / f"{name}.txt").write_text("\n".join(map(str, findings)) + "\n", "utf-8")
    else:
        history.path.unlink()
    return ChaosOutcome(run, findings, history, log)


def _perform(run: ChaosRun, folder: Path, history: ChaosHistory) -> str:
    with ExitStack() as parts:
        server: DatabaseServer = PostgresServer(folder) if run.database == "postgresql" else SqliteFiles()
        parts.enter_context(server)
        disk = None
        if run.database == "sqlite" and os.geteuid() == 0:  # only root may mount one
            disk = parts.enter_context(SmallDisk(folder / "home", megabytes=DISK))
        links = parts.enter_context(NetworkLinks(folder / "home"))
        stack = ChaosStack(folder / "home", server.urls(), links.ports, run.mutation)
        parts.callback(stack.end)
        stack.start()
        targets = FaultTargets(stack, server, links, disk)
        storm = FaultBurst(targets, history, f"{run.seed}/faults", run.rate, run.aim, run.only)
        parts.callback(storm.mend_all)
        http = urllib3.PoolManager(retries=False, maxsize=30, timeout=urllib3.Timeout(connect=1, read=10))
        owners = [ChaosAccount(stack.base_url, http) for _ in CLIENTS_PER_LEDGER]
        gate, done = ClientGate(), threading.Event()
        callers = [ChaosCaller(f"rest{n}", stack.base_url, account, history, http) for n, account in enumerate(owners)]
        listeners = [LiveListener(caller, stack.base_url, history, done) for caller in callers]
        clients = [
            ChaosClient(
                ChaosCaller(f"c{n}{m}", stack.base_url, ChaosAccount(stack.base_url, http, owner), history, http),
                f"{run.seed}/{n}/{m}",
                gate,
                done,
            )
            for n, owner in enumerate(owners)
            for m in range(CLIENTS_PER_LEDGER[n])
        ]
        threads = [*(client.thread for client in clients), *(one.thread for one in listeners)]
        with _at_work(threads, gate, done), _memory(stack, history, done):
            _weather(run, storm, gate, listeners, history)
        final_state.note(stack, callers, history, thorough=run.thorough)
        return stack.whole_output()


def _weather(
    run: ChaosRun, storm: FaultBurst, gate: ClientGate, listeners: Sequence[LiveListener], history: ChaosHistory
) -> None:
    end = time.monotonic() + run.seconds
    storms = 0
    while (left := end - time.monotonic()) > 0:
        storm.inflict_for(min(run.storm, left))
        storms += 1
        if run.rate and storms % BLACKOUT_EVERY == 0:
            storm.black_out()
        storm.mend_and_wait()
        time.sleep(SETTLING)
        gate.close(patience=30)
        quiet_periods.look(listeners, history)
        gate.open()


@contextmanager
def _at_work(threads: Sequence[threading.Thread], gate: ClientGate, done: threading.Event) -> Iterator[None]:
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        gate.open()
        for thread in threads:
            thread.join(30)


@contextmanager
def _memory(stack: ChaosStack, history: ChaosHistory, done: threading.Event) -> Iterator[None]:
    over = threading.Event()

    def sample() -> None:
        while not over.wait(MEMORY_EVERY) and not done.is_set():
            history.record("memory", programs=stack.memory())

    thread = threading.Thread(target=sample, name="memory", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(10)
