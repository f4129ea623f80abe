from collections.abc import Iterator

import pytest

from services.auth.settings import Settings
from tests.support.auth import Auth, MovableClock, migrate, running_auth, settings
from tests.support.databases import Databases


@pytest.fixture(scope="module")
def told(databases: Databases) -> Iterator[Settings]:
    """Settings over a database that has the schema and no rows when a module begins."""
    url = databases.copy_of("auth", migrate)
    yield settings(url)
    databases.drop(url)


@pytest.fixture(scope="module")
def clock(databases: Databases) -> MovableClock:  # one for each kind of database
    return MovableClock()


@pytest.fixture(scope="module")
def auth(told: Settings, clock: MovableClock) -> Iterator[Auth]:
    with running_auth(told, clock) as instance:
        yield instance
