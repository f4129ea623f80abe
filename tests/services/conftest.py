"""The book and its readers, for stories about either."""

from collections.abc import Iterator

import pytest

from tests.support.databases import Databases
from tests.support.redis import RedisServer
from tests.support.world import LedgerServices, LedgerUser, world


@pytest.fixture(scope="module")
def a_world(databases: Databases, shared_redis: RedisServer) -> Iterator[LedgerServices]:
    """Running services, on each kind of database."""
    with world(databases, shared_redis.url) as running:
        yield running


@pytest.fixture
def person(a_world: LedgerServices) -> LedgerUser:
    """A user with an empty ledger in euros."""
    return a_world.person()
