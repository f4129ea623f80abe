"""The book and its readers, for stories about either."""

from collections.abc import Iterator

import pytest

from tests.support.databases import Databases
from tests.support.ledger_services import LedgerServices, LedgerUser, ledger_services
from tests.support.redis import RedisServer


@pytest.fixture(scope="module")
def services(databases: Databases, shared_redis: RedisServer) -> Iterator[LedgerServices]:
    """Running services, on each kind of database."""
    with ledger_services(databases, shared_redis.url) as running:
        yield running


@pytest.fixture
def user(services: LedgerServices) -> LedgerUser:
    """A user with an empty ledger in euros."""
    return services.new_user()
