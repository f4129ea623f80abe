"""A thief signs in with the old password while its owner sets another, or leaves: they are out all the same."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from chassis.database.engine import Database
from chassis.process.clock import utc_now
from services.auth.cli import build
from services.auth.errors import WrongCredentials
from services.auth.identity.schemas import Credentials
from services.auth.passwords.hashes import PasswordHashes
from services.auth.passwords.verification import PasswordVerifier
from services.auth.sessions.refresh_tokens import RefreshTokens
from services.auth.sessions.sessions import SessionLifetime, Sessions
from services.auth.settings import Settings
from services.auth.stopwatch import Stopwatch
from services.auth.throttling.client_info import ClientInfo
from services.auth.throttling.login_throttle import LoginThrottle
from tests.support.auth import PASSWORD, Auth, AuthResponse, unused_email
from tests.support.waiting import until

NEW = "another long walk"
UNKNOWN_CLIENT = ClientInfo(None, None)


def change(auth: Auth, _: Settings, here: AuthResponse) -> AuthResponse:
    return auth.signed_in("POST", "/api/v1/auth/password", here.access, {"current": PASSWORD, "new": NEW})


def reset(auth: Auth, told: Settings, here: AuthResponse) -> AuthResponse:
    link = build(told).reset_links.create_link(here.body["user"]["email"])
    assert link is not None
    return auth.call("POST", "/api/v1/auth/reset", {"token": link.partition("#")[2], "password": NEW})


def erase(auth: Auth, _: Settings, here: AuthResponse) -> AuthResponse:
    return auth.signed_in("POST", "/api/v1/auth/erase", here.access, {"password": PASSWORD})


@pytest.fixture
def database(told: Settings) -> Iterator[Database]:
    database = Database(told.database_url)
    yield database
    database.close()


def is_waited_for(database: Database) -> bool:
    """Whether a transaction waits for another one. SQLite's writers always do."""
    if database.is_sqlite:
        return True
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with database.snapshot() as session:
        return bool(session.scalar(sa.text(waiting)))


@pytest.fixture
def sessions() -> Sessions:
    life = SessionLifetime(timedelta(days=1), timedelta(days=1))
    return Sessions(RefreshTokens(b"key"), life, utc_now, Stopwatch(utc_now))


@pytest.fixture
def verifier(database: Database, sessions: Sessions) -> PasswordVerifier:
    return PasswordVerifier(database, PasswordHashes(), LoginThrottle(b"key", utc_now), sessions)


@pytest.mark.parametrize("act", [change, reset, erase])
def test_a_password_that_was_right_a_moment_ago_opens_nothing(
    auth: Auth,
    told: Settings,
    database: Database,
    verifier: PasswordVerifier,
    act: Callable[[Auth, Settings, AuthResponse], AuthResponse],
) -> None:
    here = auth.register(unused_email())
    proof = verifier.verify_credentials(Credentials(email=here.body["user"]["email"], password=PASSWORD), None)
    assert act(auth, told, here).status in {202, 204}

    with database.write() as session, pytest.raises(WrongCredentials):
        verifier.settle(session, proof)


@pytest.mark.parametrize("act", [change, reset, erase])
def test_a_sign_in_under_way_does_not_outlast_it(
    auth: Auth,
    told: Settings,
    database: Database,
    sessions: Sessions,
    verifier: PasswordVerifier,
    act: Callable[[Auth, Settings, AuthResponse], AuthResponse],
) -> None:
    here = auth.register(unused_email())
    email, account = here.body["user"]["email"], here.body["user"]["id"]
    proof = verifier.verify_credentials(Credentials(email=email, password=PASSWORD), None)
    with ThreadPoolExecutor(1) as pool:
        with database.write() as session:
            verifier.settle(session, proof)
            acting = pool.submit(act, auth, told, here)
            until(lambda: acting.done() or is_waited_for(database), what="the other to be done, or to wait")
            opened = sessions.open(session, proof.account.id, UNKNOWN_CLIENT)
        assert acting.result().status in {202, 204}

    with database.snapshot() as session:
        assert not sessions.is_live(session, opened.id), f"{account} is still signed in"
