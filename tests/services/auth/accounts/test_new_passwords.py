"""Which new passwords are taken, and changing one."""

import pytest

from services.auth.identity.password_rules import common_passwords
from tests.support.auth import PASSWORD, Auth, unused_email

CHANGE = "/api/v1/auth/password"
NEW = "another long walk"


@pytest.mark.parametrize(
    "password",
    [
        *("password", "PassWord", "12345678", "qwertyuiop", "trustno1"),
        *("ada.lovelace", "ADA.Lovelace@Example.org", "ada.lovelace1815", "1815ada.lovelace"),
        *("Outlay26", "my-outlay", "outlay ada.lovelace"),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_is_tried_first_is_refused(auth: Auth, password: str) -> None:
    refused = auth.register("ada.lovelace@example.org", password=password)

    assert (refused.status, refused.bad_fields) == (422, {"/password"})


@pytest.mark.parametrize(
    "password", ["lower case only", "7391 2846 0517", "savannah walks home", "ada.lovelace was first"]
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_no_kind_of_character_is_asked_for_and_a_name_may_be_part_of_a_longer_one(auth: Auth, password: str) -> None:
    assert auth.register(f"{password.split(maxsplit=1)[0]}@example.org", password=password).status == 201


def test_the_list_is_as_long_as_asvs_asks_for() -> None:
    assert len(common_passwords()) > 3_000
    assert min(map(len, common_passwords())) == 8
    assert not any(password.startswith("#") for password in common_passwords())


def test_a_new_password_ends_every_other_session(auth: Auth) -> None:
    address = unused_email()
    other, here = auth.register(address), auth.login(address)

    assert auth.signed_in("POST", CHANGE, here.access, {"current": PASSWORD, "new": NEW}).status == 204

    assert auth.refresh(other.refresh).status == 401
    assert auth.refresh(here.refresh).status == 200
    assert auth.login(address).status == 401
    assert auth.login(address, NEW).status == 200


@pytest.mark.parametrize(
    ("sent", "blamed"),
    [
        ({"current": "not that one", "new": NEW}, "/current"),
        ({"current": "", "new": NEW}, "/current"),
        ({"current": PASSWORD, "new": "short"}, "/new"),
        ({"current": PASSWORD, "new": "password"}, "/new"),
        ({"current": PASSWORD, "new": "x" * 1025}, "/new"),
        ({"new": NEW}, "/current"),
    ],
)
def test_without_the_present_one_or_a_good_one_nothing_changes(auth: Auth, sent: dict[str, str], blamed: str) -> None:
    address = unused_email()
    other, here = auth.register(address), auth.login(address)

    refused = auth.signed_in("POST", CHANGE, here.access, sent)

    assert (refused.status, refused.bad_fields) == (422, {blamed})
    assert auth.refresh(other.refresh).status == 200
    assert auth.login(address).status == 200


def test_a_session_that_has_ended_changes_no_password(auth: Auth) -> None:
    address = unused_email()
    gone = auth.register(address)
    auth.logout(Authorization=f"Bearer {gone.access}")

    assert auth.signed_in("POST", CHANGE, gone.access, {"current": PASSWORD, "new": NEW}).status == 401
    assert auth.login(address).status == 200


def test_strangers_change_nothing(auth: Auth) -> None:
    assert auth.call("POST", CHANGE, {"current": PASSWORD, "new": NEW}).status == 401
