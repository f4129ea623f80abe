import pytest
import sqlalchemy as sa

from services.auth.settings import Settings
from tests.support.auth import PASSWORD, Auth, MovableClock, unused_email


def test_who_knows_the_password_is_in(auth: Auth) -> None:
    address = unused_email()
    user = auth.register(address).body["user"]

    answer = auth.login(address)

    assert answer.status == 200
    assert answer.body["user"] == user
    assert answer.headers["cache-control"] == "no-store"
    assert auth.get("/api/v1/auth/me", answer.access).body == user


@pytest.mark.parametrize("unknown", ["unknown@example.org", "unknown", "", "unknown@example.org\x00", "x" * 320])
def test_an_unknown_account_and_a_wrong_password_get_the_same_answer(auth: Auth, unknown: str) -> None:
    address = unused_email()
    auth.register(address)

    wrong, unknown_user = auth.login(address, "not that one"), auth.login(unknown, "not that one")

    assert (wrong.status, wrong.body["type"]) == (401, "urn:outlay:problem:wrong-credentials")
    assert (unknown_user.status, unknown_user.body, unknown_user.set_cookies) == (401, wrong.body, {})
    assert wrong.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("password", ["", "short", "x" * 1024])
def test_a_password_that_none_could_have_is_simply_wrong(auth: Auth, password: str) -> None:
    address = unused_email()
    auth.register(address)

    assert auth.login(address, password).status == 401


def test_a_password_beyond_all_bounds_is_not_even_hashed(auth: Auth) -> None:
    refused = auth.login(unused_email(), "x" * 1025)

    assert (refused.status, refused.bad_fields) == (422, {"/password"})


def test_unknown_fields_are_refused(auth: Auth) -> None:
    sent = {"email": unused_email(), "password": PASSWORD, "remember": True}

    refused = auth.call("POST", "/api/v1/auth/login", sent)

    assert (refused.status, refused.bad_fields) == (422, {"/remember"})


def test_signing_in_never_takes_over_a_session_that_the_caller_brings_along(auth: Auth) -> None:
    address = unused_email()
    planted = auth.register(address)

    answer = auth.login(address, Cookie=f"{auth.names.refresh}={planted.refresh}")

    assert answer.refresh.partition(".")[0] != planted.refresh.partition(".")[0]


def test_the_database_holds_no_password_and_no_token(auth: Auth, told: Settings, clock: MovableClock) -> None:
    password = "something that only I would type"
    answer = auth.register(password=password)
    clock.forward(seconds=61)
    later = auth.refresh(answer.refresh)
    engine = sa.create_engine(told.database_url.get_secret_value())

    with engine.connect() as connection:
        metadata = sa.MetaData()
        metadata.reflect(connection)
        stored = repr([connection.execute(sa.select(table)).all() for table in metadata.sorted_tables])
    engine.dispose()

    assert answer.body["user"]["email"] in stored
    for secret in (password, answer.access, answer.refresh.split(".")[2], later.refresh.split(".")[2]):
        assert secret not in stored
