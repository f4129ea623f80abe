"""Fixtures of the tests of the whole system."""

from collections.abc import Iterator

import pytest

from chassis.database.engine import Database
from deploy.local.home import Home
from tests.support.stack import Stack


@pytest.fixture
def auth_database(stack: Stack) -> Iterator[Database]:
    database = Database(Home(stack.home).database_url("auth"))
    yield database
    database.close()
