"""A key's life: published, then signing, then published still, then gone; for every instance the same."""

from collections.abc import Iterator
from datetime import timedelta

import jwt
import pytest

from chassis.database.engine import Database
from chassis.process.clock import CLOCK_DIFFERENCE
from chassis.security.access_tokens import REFRESH_AFTER, RETRY_AFTER
from services.auth.maintenance import MaintenanceLoop
from services.auth.settings import ACCESS_TOKEN_LIFETIME
from services.auth.signing_keys import repository
from services.auth.signing_keys.signing_keys import PUBLISHED_AFTER, PUBLISHED_AHEAD, RELOAD_INTERVAL, SigningKeys
from tests.support.auth import ROTATION, SECRET_KEY, StoppedClock, concurrently, migrate, signing_keys
from tests.support.waiting import until


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    migrate(database_url)
    found = Database(database_url)
    yield found
    found.close()


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


def loaded(database: Database, clock: StoppedClock) -> SigningKeys:
    keys = signing_keys(database, SECRET_KEY, clock)
    keys.load()
    return keys


def signer(keys: SigningKeys) -> str:
    kid: str = jwt.get_unverified_header(keys.sign({"sub": "someone"}))["kid"]
    return kid


def published(keys: SigningKeys) -> list[str]:
    return [key["kid"] for key in keys.jwks()["keys"]]


def private_halves(database: Database) -> list[str]:
    with database.snapshot() as session:
        return [row.kid for row in repository.signing_keys(session)]


def test_a_new_key_is_published_before_it_signs_and_the_old_one_goes_with_its_last_token(
    database: Database, clock: StoppedClock
) -> None:
    keys = loaded(database, clock)
    [old] = published(keys)

    assert keys.rotate() == clock() + timedelta(minutes=10)
    [_, new] = published(keys)
    assert signer(keys) == old

    clock.forward(seconds=PUBLISHED_AHEAD.total_seconds())
    assert signer(keys) == new
    keys.maintain()
    assert published(keys) == [old, new]

    clock.forward(seconds=PUBLISHED_AFTER.total_seconds() - 1)
    keys.maintain()
    assert published(keys) == [old, new]

    clock.forward(seconds=1)
    keys.maintain()
    assert published(keys) == private_halves(database) == [new]
    assert keys.get(old) is None


def test_it_is_published_for_long_enough() -> None:
    """Until every instance has read it, and every verifier has asked one of them since; and until no token is left."""
    verifiers = timedelta(seconds=REFRESH_AFTER + RETRY_AFTER)

    assert RELOAD_INTERVAL + verifiers + CLOCK_DIFFERENCE < PUBLISHED_AHEAD
    assert PUBLISHED_AFTER > ACCESS_TOKEN_LIFETIME + 2 * CLOCK_DIFFERENCE


def test_the_clock_asks_for_a_new_key_and_once_only(database: Database, clock: StoppedClock) -> None:
    keys = loaded(database, clock)
    keys.maintain()
    assert len(published(keys)) == 1

    clock.forward(seconds=ROTATION.total_seconds())
    for _ in range(3):
        keys.maintain()
    [_, new] = published(keys)

    clock.forward(hours=1)
    keys.maintain()
    assert published(keys) == [new]
    clock.forward(seconds=ROTATION.total_seconds())
    keys.maintain()
    assert len(published(keys)) == 2


def test_a_command_finds_the_key_that_waits_already(database: Database, clock: StoppedClock) -> None:
    keys = loaded(database, clock)
    first = keys.rotate()
    clock.forward(minutes=1)

    assert signing_keys(database, SECRET_KEY, clock).rotate() == first
    keys.load()
    assert len(published(keys)) == 2


def test_instances_agree_on_the_next_key_and_when_it_signs(database_url: str, clock: StoppedClock) -> None:
    migrate(database_url)
    databases = [Database(database_url) for _ in range(4)]
    instances = [loaded(database, clock) for database in databases]
    clock.forward(seconds=ROTATION.total_seconds())

    concurrently(*[keys.maintain for keys in instances])
    for keys in instances:
        keys.maintain()

    assert len({str(keys.jwks()) for keys in instances}) == 1
    assert len(published(instances[0])) == 2
    before = {signer(keys) for keys in instances}
    clock.forward(seconds=PUBLISHED_AHEAD.total_seconds())
    after = {signer(keys) for keys in instances}
    assert (len(before), len(after), before & after) == (1, 1, set())
    for database in databases:
        database.close()


def test_an_instance_whose_clock_is_behind_signs_with_what_it_has(database: Database, clock: StoppedClock) -> None:
    [only] = published(loaded(database, clock))
    late = StoppedClock()
    late.forward(seconds=-20)

    assert signer(loaded(database, late)) == only


def test_what_another_instance_stored_is_read_in_time(database: Database, clock: StoppedClock) -> None:
    one, other = loaded(database, clock), loaded(database, clock)
    maintenance = MaintenanceLoop([other.maintain], timedelta(milliseconds=20))
    maintenance.start()
    one.rotate()

    until(lambda: published(other) == published(one), what="the other instance to read the new key")
    maintenance.stop()


def test_a_chore_that_fails_keeps_no_other_from_being_done() -> None:
    done: list[str] = []

    def fail() -> None:
        done.append("failed")
        raise OSError

    maintenance = MaintenanceLoop([fail, lambda: done.append("done")], timedelta(milliseconds=5))
    maintenance.start()
    until(lambda: done.count("done") >= 2, what="the second chore, twice")
    maintenance.stop()

    assert done[:4] == ["failed", "done"] * 2
