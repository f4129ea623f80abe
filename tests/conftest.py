"""Real parts as fixtures.

A test that asks for `database_url` or `databases` runs once on each kind of database;
`@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)` narrows that down.
"""

import gc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings
from playwright.sync_api import Browser

from tests.support.browser import real_browser
from tests.support.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.support.postgres import postgres_server
from tests.support.redis import RedisServer
from tests.support.stack import Stack

MOST_DESCRIPTORS = 200
"""Of this process once everything has ended: what Python, pytest and the libraries hold, and room for more."""
EXAMPLE_DEADLINE = timedelta(seconds=10)
"""For one example of hypothesis: far above what any needs on a busy machine, so only what hangs or explodes fails."""

settings.register_profile("short", deadline=EXAMPLE_DEADLINE)
settings.register_profile("long", max_examples=500, stateful_step_count=100, deadline=EXAMPLE_DEADLINE)
settings.load_profile("short")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with browser tests run last: Playwright leaves an event loop running in its process, beside which no other
    can run. Whole files, since a worker is given whole files."""
    with_browser = {item.path for item in items if item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path in with_browser)


@pytest.fixture(scope="session", autouse=True)
def collected_garbage() -> Iterator[None]:
    """A service has its process to itself, and freezes what it has made; here, many start and end in one process.

    Frozen, their garbage would stay, and with it their connections, until the process may open no more.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chassis.process.collector.tune", lambda: None)
        yield
    gc.collect()
    assert sum(1 for _ in Path("/dev/fd").iterdir()) < MOST_DESCRIPTORS, "something is open that nothing will close"


@pytest.fixture(scope="session")
def postgres() -> Iterator[sa.URL]:
    """One PostgreSQL server for the session."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_databases(postgres: sa.URL) -> Iterator[PostgresDatabases]:
    databases = PostgresDatabases(postgres)
    yield databases
    databases.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Both kinds, one after the other."""
    if request.param == "sqlite":
        return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))
    wanted: Databases = request.getfixturevalue("postgres_databases")
    return wanted


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """An empty database of the test's own."""
    url = databases.fresh()
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def shared_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One Redis server for the session; tests take `redis_url`."""
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_url(shared_redis: RedisServer) -> str:
    """An empty Redis."""
    shared_redis.clear()
    return shared_redis.url


@pytest.fixture
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis server of the test's own, to stop and start."""
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole system, started once for the session. What stops or harms it starts a `Stack` of its own."""
    with Stack(tmp_path_factory.mktemp("stack") / "home") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the session; a test opens a context of its own in it."""
    with real_browser() as running:
        yield running
