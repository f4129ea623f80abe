from collections.abc import Iterator

import pytest

from services.auth.settings import Settings
from tests.support.auth import Auth, SteppedClock, migrate, running, settings
from tests.support.databases import Databases


@pytest.fixture(scope="module")
def told(databases: Databases) -> Iterator[Settings]:
    """Settings over a database that has the schema and no rows when a module begins."""
    url = databases.copy_of("auth", migrate)
    yield settings(url)
    databases.drop(url)


@pytest.fixture(scope="module")
def clock(databases: Databases) -> SteppedClock:  # one for each kind of database
    return SteppedClock()


@pytest.fixture(scope="module")
def auth(told: Settings, clock: SteppedClock) -> Iterator[Auth]:
    with running(told, clock) as instance:
        yield instance
