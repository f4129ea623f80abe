from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.support.auth import PASSWORD, Auth, concurrently, unused_email

VIENNA: dict[str, Any] = {"name": "Ada", "currency": "CHF", "time_zone": "Europe/Vienna", "locale": "de-AT"}


def test_a_new_person_is_signed_in_and_has_a_ledger_of_their_own(auth: Auth) -> None:
    answer = auth.register("Ada@Example.org", **VIENNA)

    assert answer.status == 201
    assert {key: answer.body[key] for key in ("token_type", "expires_in")} == {
        "token_type": "Bearer",
        "expires_in": 600,
    }
    user = answer.body["user"]
    assert (user["email"], user["name"]) == ("Ada@example.org", "Ada")
    assert user["ledgers"] == [
        {
            "id": user["id"],
            "name": "Personal",
            "role": "owner",
            "currency": "CHF",
            "time_zone": "Europe/Vienna",
            "locale": "de-AT",
            "personal": True,
        }
    ]
    assert auth.get("/api/v1/auth/me", answer.access).body == user


@pytest.mark.parametrize(
    ("told_by_browser", "currency", "locale"),
    [
        ({}, "EUR", "en"),
        ({"name": None, "currency": None, "time_zone": None, "locale": None}, "EUR", "en"),
        ({"locale": "en-GB"}, "GBP", "en-GB"),
        ({"locale": "de_CH"}, "CHF", "de-CH"),
        ({"locale": "zh-Hant-TW"}, "TWD", "zh-Hant-TW"),
        ({"locale": "en-JP"}, "JPY", "en"),
        ({"locale": "en-US-u-hc-h12"}, "USD", "en-US"),
        ({"locale": "es-419"}, "EUR", "es-419"),
        ({"locale": "ja-JP", "currency": "USD"}, "USD", "ja-JP"),
        ({"locale": "bg-BG"}, "EUR", "bg-BG"),
        ({"locale": "hr-HR", "currency": "HRK"}, "HRK", "hr-HR"),
    ],
    ids=str,
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_is_not_said_follows_from_the_locale(
    auth: Auth, told_by_browser: dict[str, Any], currency: str, locale: str
) -> None:
    ledger = auth.register(**told_by_browser).body["user"]["ledgers"][0]

    assert (ledger["currency"], ledger["time_zone"], ledger["locale"]) == (currency, "UTC", locale)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "not an address"),
        ("email", "ada@"),
        ("email", "ada@example.org\x00"),
        ("email", "a" * 400 + "@example.org"),
        ("email", None),
        ("password", "seven77"),
        ("password", "x" * 1025),
        ("password", "\U0001f511" * 257),
        ("password", 12345678),
        ("password", None),
        ("name", "A\x00da"),
        ("name", "x" * 101),
        ("currency", "XXX"),
        ("currency", "XXX1"),
        ("currency", "eur"),
        ("currency", "ZZZ"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "Europe"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", ""),
        ("locale", "klingon"),
        ("locale", "xx-YY"),
        ("locale", "en-../x"),
        ("locale", ""),
        ("nickname", "unknown field"),
    ],
)
def test_the_field_to_blame_is_named_and_nothing_is_stored(auth: Auth, field: str, value: Any) -> None:
    address = unused_email()
    sent = {"email": address, "password": PASSWORD, field: value}

    refused = auth.call("POST", "/api/v1/auth/register", sent)

    assert refused.status == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.bad_fields == {f"/{field}"}
    assert auth.login(address).status == 401


@pytest.mark.parametrize("field", ["email", "password"])
def test_what_is_needed_is_asked_for(auth: Auth, field: str) -> None:
    body = {"email": "ada@example.org", "password": PASSWORD}
    del body[field]

    refused = auth.call("POST", "/api/v1/auth/register", body)

    assert (refused.status, refused.bad_fields) == (422, {f"/{field}"})


@pytest.mark.parametrize(
    "password",
    [
        "ate 8.8.",
        "x" * 1024,
        "\U0001f511" * 256,
        "nul\x00inside",
        " spaces around ",
        "пароль по-русски",
        "\u0301combining",
    ],
    ids=["shortest", "longest", "emoji", "nul", "spaces", "cyrillic", "combining"],
)
def test_a_password_is_taken_exactly_as_typed(auth: Auth, password: str) -> None:
    address = unused_email()
    assert auth.register(address, password=password).status == 201

    assert auth.login(address, password).status == 200
    for similar in (password[:-1], password[1:], f"{password[:-1]}?"):
        assert auth.login(address, similar).status == 401


@pytest.mark.parametrize("spelled", [str, str.upper, str.title, " {} ".format])
def test_an_address_has_one_account_however_it_is_written(auth: Auth, spelled: Callable[[str], str]) -> None:
    address = unused_email()
    auth.register(address)

    refused = auth.register(spelled(address), password="another password")

    assert (refused.status, refused.body["type"]) == (409, "urn:outlay:problem:email-taken")
    assert refused.bad_fields == {"/email"}
    assert refused.set_cookies == {}
    assert auth.login(address, "another password").status == 401
    assert auth.login(spelled(address)).status == 200


def test_composed_and_decomposed_letters_are_the_same_address(auth: Auth) -> None:
    auth.register("zo\u00eb@example.org")

    assert auth.register("zoe\u0308@example.org").status == 409
    assert auth.login("ZOE\u0308@example.org").status == 200


def test_addresses_of_a_home_network_are_welcome(auth: Auth) -> None:
    assert auth.register("ada@nas.local").status == 201


def test_of_two_who_take_one_address_at_once_one_gets_it(auth: Auth) -> None:
    address = unused_email()
    passwords = [f"password number {number}" for number in range(4)]

    answers = concurrently(*[partial(auth.register, address, password=password) for password in passwords])

    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409]
    won = next(password for password, answer in zip(passwords, answers, strict=True) if answer.status == 201)
    assert [auth.login(address, password).status for password in passwords] == [
        200 if password == won else 401 for password in passwords
    ]


@pytest.mark.parametrize("path", ["register", "login"])
@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"email=ada@example.org", "application/x-www-form-urlencoded", 415),
        (b'{"email": "ada@example.org"}', "text/plain", 415),
        (b"{", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[]", "application/json", 422),
        (b'{"email": "ada@example.org", "password": "\\ud800 lone surrogate"}', "application/json", 422),
    ],
    ids=["form", "text", "broken", "deep", "not UTF-8", "list", "surrogate"],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_is_no_json_of_ours_is_refused(auth: Auth, path: str, content: bytes, kind: str, status: int) -> None:
    refused = auth.send(f"/api/v1/auth/{path}", content, kind)

    assert refused.status == status
    assert refused.headers["content-type"] == "application/problem+json"
