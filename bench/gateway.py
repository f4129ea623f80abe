"""The cached summary and the proxy, against a bare FastAPI "hello", the classic design, and the services themselves."""

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import classic
from bench.databases import NewDatabase
from bench.figures import Figures
from bench.load import LoadTarget, alternate
from bench.programs import RunningProgram, served, stack, started
from bench.user import BenchUser, expect
from deploy.local.home import Home
from deploy.local.ports import free_port
from tests.support.client import Client
from tests.support.redis import RedisServer
from tests.support.stack import Stack
from tests.support.waiting import until

EXPENSES, CATEGORIES = 1_000, 12
ROUNDS, SECONDS = 3, 4
SUMMARY = "/api/v1/summary?from=2026-01-01&to=2026-12-31"
THREADS = ("--worker-class", "gthread", "--threads", "4")
"""What gunicorn is told by those who know that its usual workers close every connection."""
LIST, KEYS = "/api/v1/expenses", "/.well-known/jwks.json"


def measure(fresh: NewDatabase, folder: Path) -> Figures:
    """Both sides hold the same expenses; both answers come from a cache."""
    with stack(folder) as outlay, served("bench.hello:app", {}, ready="/", factory=False) as hello:
        user = _person(outlay)
        with _classic(fresh(), folder) as old, _classic(fresh(), folder, *THREADS) as threaded:
            ours = {"cached": _cached(outlay, user), "hello": _hello(hello)}
            ready = alternate({**ours, "classic": old, "threaded": threaded}, rounds=ROUNDS, seconds=SECONDS)
        passed = alternate(_both_ways(outlay, user), rounds=ROUNDS, seconds=SECONDS)
    cached, bare = ready["cached"], ready["hello"]
    return {
        "cached_to_hello": cached.rate / bare.rate,
        "cached_to_classic": cached.rate / ready["classic"].rate,
        "cached_to_threaded": cached.rate / ready["threaded"].rate,
        "proxied_to_direct": passed["list"].rate / passed["list directly"].rate,
        "lightest_to_direct": passed["keys"].rate / passed["keys directly"].rate,
        "cached_rate": cached.rate,
        "hello_rate": bare.rate,
        "classic_rate": ready["classic"].rate,
        "threaded_rate": ready["threaded"].rate,
        "cached_work": cached.work_each,
        "hello_work": bare.work_each,
    }


def _person(outlay: Stack) -> BenchUser:
    user = BenchUser(f"http://127.0.0.1:{outlay.port}")
    user.record_all(
        [
            {"amount": f"{minor // 100}.{minor % 100:02}", "category": category, "spent_on": f"2026-{1 + n % 12:02}-15"}
            for n, (category, minor) in enumerate(_expenses())
        ]
    )
    return user


def _expenses() -> list[tuple[str, int]]:
    return [(f"Category {number % CATEGORIES}", 100 + number * 7 % 9_000) for number in range(EXPENSES)]


def _cached(outlay: Stack, user: BenchUser) -> LoadTarget:
    response = until(
        lambda: (hit := user.get(SUMMARY)).headers.get("Cache-Status") == "outlay; hit" and hit, what="a hit"
    )
    assert response, "until answers only what is true"
    _check(response.json, EXPENSES)
    return LoadTarget(user.base + SUMMARY, response.body.decode(), user.token, outlay.processes()["gateway"])


def _check(summary: dict[str, object], count: int) -> None:
    minor = sum(minor for _, minor in _expenses())
    assert (summary["count"], summary["total"]) == (count, f"{minor / 100:.2f}"), summary


def _hello(hello: RunningProgram) -> LoadTarget:
    return LoadTarget(f"{hello.url}/", '{"message":"hello"}', pid=hello.pid)


def _both_ways(outlay: Stack, user: BenchUser) -> dict[str, LoadTarget]:
    """The same through the gateway and from the service itself."""
    ports = Home(outlay.home).running()
    assert ports is not None, "the stack runs"
    targets = {}
    for name, path, service in (("list", LIST, "expenses"), ("keys", KEYS, "auth")):
        for way, base in ((name, user.base), (f"{name} directly", f"http://127.0.0.1:{ports[service]}")):
            body = expect(Client(base, user.token).get(path), 200).body.decode()
            targets[way] = LoadTarget(base + path, body, user.token)
    return targets


@contextmanager
def _classic(database_url: str, folder: Path, *words: str) -> Iterator[LoadTarget]:
    """The classic design with two workers, and a Redis of its own."""
    secret, port = secrets.token_hex(32), free_port()
    command = (
        *(sys.executable, "-m", "gunicorn", "bench.classic:create()", "--workers", "2"),
        *("--log-level", "warning", "--bind", f"127.0.0.1:{port}"),
    )
    with RedisServer(folder) as redis:
        told = {"DATABASE_URL": database_url, "REDIS_URL": redis.url, "SECRET": secret}
        with started((*command, *words), told, f"http://127.0.0.1:{port}", "/readyz") as running:
            client = Client(running.url, classic.token("user", secret))
            sent = [{"category": category, "minor": minor} for category, minor in _expenses()]
            expect(client.post("/expenses", sent), 201)
            response = expect(client.get("/summary"), 200)
            _check(response.json, EXPENSES)
            yield LoadTarget(f"{running.url}/summary", response.body.decode(), client.token)
