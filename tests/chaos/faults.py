"""What can go wrong, each as a function of the system and chance; a fault that lasts gives the way to mend it."""

import os
import random
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

import redis

from contracts.journal import journal_stream
from tests.chaos.links import FEED, REDIS_LINKS, NetworkLinks
from tests.chaos.servers import DatabaseServer
from tests.chaos.stacks import ChaosStack
from tests.support.disk import SmallDisk
from tests.support.processes import children, is_stopped


class Fault(NamedTuple):
    """What was done, to whom, for how long, and how to end it."""

    what: str
    target: str
    seconds: float = 0.0
    mend: Callable[[], None] | None = None


@dataclass(frozen=True)
class FaultTargets:
    """What can be harmed."""

    stack: ChaosStack
    server: DatabaseServer
    links: NetworkLinks
    disk: SmallDisk | None = None
    """What the SQLite files are on, where one could be mounted."""

    def processes(self) -> list[tuple[str, int]]:
        """Name and pid of every running program; of twins, each."""
        return self.stack.all_processes()

    def redis(self) -> redis.Redis:
        return redis.Redis.from_url(self.stack.redis_url(), socket_timeout=2, socket_connect_timeout=1)


FaultFunction = Callable[[FaultTargets, random.Random], Fault | None]
KILLS = {"gateway": 4, "auth": 2, "expenses": 8, "insights": 8, "consumer": 9, "worker": 3, "redis": 9}
STOPS = {"gateway": 1, "auth": 1, "expenses": 3, "insights": 3, "consumer": 3, "worker": 1, "redis": 3}
FREEZES = {"gateway": 1, "auth": 2, "expenses": 2, "insights": 2, "consumer": 1, "worker": 1}


def _some(targets: FaultTargets, chance: random.Random, weights: Mapping[str, int]) -> tuple[str, int] | None:
    there = [victim for victim in targets.processes() if victim[0] in weights]
    return chance.choices(there, [weights[name] for name, _ in there])[0] if there else None


def kill(targets: FaultTargets, chance: random.Random) -> Fault | None:
    victim = _some(targets, chance, KILLS)
    return Fault("kill", victim[0]) if victim and _signal(victim[1], signal.SIGKILL) else None


def kill_only(name: str) -> FaultFunction:
    """For a run that aims at one program."""

    def kill_it(targets: FaultTargets, chance: random.Random) -> Fault | None:
        victim = _some(targets, chance, {name: 1})
        return Fault("kill", name) if victim and _signal(victim[1], signal.SIGKILL) else None

    return kill_it


def kill_pool(targets: FaultTargets, chance: random.Random) -> Fault | None:
    """The worker's child, in which the tasks run."""
    pool = [pid for name, worker in targets.processes() if name == "worker" for pid in children(worker)]
    return Fault("kill", "worker's pool") if pool and _signal(chance.choice(pool), signal.SIGKILL) else None


def stop(targets: FaultTargets, chance: random.Random) -> Fault | None:
    """It neither works nor goes away: its connections are open, and nothing answers."""
    victim = _some(targets, chance, STOPS)
    if victim is None or not _signal(victim[1], signal.SIGSTOP):
        return None
    return Fault("stop", victim[0], chance.uniform(0.3, 3), lambda: _go_on(targets, victim))


def freeze(targets: FaultTargets, chance: random.Random) -> Fault | None:
    """It stops for longer than any time-out: what waits for it has given up when it goes on. One at a time."""
    if any(is_stopped(pid) for _, pid in targets.processes()):
        return None
    victim = _some(targets, chance, FREEZES)
    if victim is None or not _signal(victim[1], signal.SIGSTOP):
        return None
    return Fault("freeze", victim[0], chance.uniform(5, 15), lambda: _go_on(targets, victim))


def flush(targets: FaultTargets, _: random.Random) -> Fault | None:
    with suppress(redis.RedisError), targets.redis() as client:
        client.flushall()
        return Fault("wipe", "redis")
    return None


def shuffle(targets: FaultTargets, chance: random.Random) -> Fault | None:
    """Old messages come again, in another order, and some that were waiting never come."""
    stream = journal_stream(0)
    with suppress(redis.RedisError), targets.redis() as client:
        found = client.xrevrange(stream, count=chance.randint(5, 60))
        again = [fields for _, fields in found] * chance.randint(1, 2)
        chance.shuffle(again)
        lost = [id_ for id_, _ in found if chance.random() < 0.2]
        if lost:
            client.xdel(stream, *lost)
        for fields in again:
            client.xadd(stream, fields)
        return Fault("shuffle", "stream")
    return None


def cut(targets: FaultTargets, chance: random.Random) -> Fault:
    """A connection becomes a black hole."""
    link = chance.choice((*REDIS_LINKS, FEED))
    targets.links.cut(link)
    return Fault("cut", link, chance.uniform(0.5, 4), lambda: targets.links.mend(link))


def fill(targets: FaultTargets, chance: random.Random) -> Fault | None:
    """The disk under the SQLite files is full for a while; what is started meanwhile finds it so."""
    if targets.disk is None or targets.disk.is_full:
        return None
    targets.disk.fill()
    return Fault("fill", "disk", chance.uniform(0.5, 4), targets.disk.empty)


def kill_server(targets: FaultTargets, _: random.Random) -> Fault | None:
    targets.server.kill()
    return Fault("kill", "postgresql")


def kill_backend(targets: FaultTargets, chance: random.Random) -> Fault | None:
    """One connection's process: the server then ends all others and recovers."""
    found = targets.server.backends()
    return Fault("kill", "postgresql's backend") if found and _signal(chance.choice(found), signal.SIGKILL) else None


def stop_backend(targets: FaultTargets, chance: random.Random) -> Fault | None:
    """Whatever it has locked stays locked."""
    found = targets.server.backends()
    if not found:
        return None
    pid = chance.choice(found)
    if not _signal(pid, signal.SIGSTOP):
        return None
    return Fault("stop", "postgresql's backend", chance.uniform(0.3, 2), lambda: _wake_backend(targets, pid))


EVERYWHERE: Mapping[FaultFunction, int] = {kill: 44, kill_pool: 7, stop: 8, freeze: 3, flush: 7, shuffle: 8, cut: 8}
ON_A_SMALL_DISK: Mapping[FaultFunction, int] = {fill: 5}
ON_POSTGRES: Mapping[FaultFunction, int] = {kill_server: 3, kill_backend: 5, stop_backend: 3}


def _signal(pid: int, number: signal.Signals) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
        return True
    return False


def _go_on(targets: FaultTargets, victim: tuple[str, int]) -> None:
    if victim in targets.processes():
        _signal(victim[1], signal.SIGCONT)


def _wake_backend(targets: FaultTargets, pid: int) -> None:
    if pid in targets.server.backends():
        _signal(pid, signal.SIGCONT)
