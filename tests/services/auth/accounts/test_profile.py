from typing import Any

import pytest

from tests.support.auth import PASSWORD, Auth, concurrently, unused_email

ME = "/api/v1/auth/me"


def test_a_name_is_changed_and_taken_away(auth: Auth) -> None:
    here = auth.register(name="Ada")

    changed = auth.signed_in("PATCH", ME, here.access, {"name": " Ada L. "})
    assert (changed.status, changed.body["name"]) == (200, "Ada L.")
    assert auth.get(ME, here.access).body == changed.body
    assert auth.signed_in("PATCH", ME, here.access, {}).body["name"] == "Ada L."
    assert auth.signed_in("PATCH", ME, here.access, {"name": None}).body["name"] is None


@pytest.mark.parametrize(
    ("locale", "begins"),
    [("en-GB", "monday"), ("en-US", "sunday"), ("ar-EG", "saturday"), ("dv-MV", "monday"), (None, "monday")],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_weeks_begin_as_they_do_where_the_person_lives(auth: Auth, locale: str | None, begins: str) -> None:
    assert auth.register(locale=locale).body["user"]["week_start"] == begins


def test_where_weeks_begin_is_chosen_and_given_back(auth: Auth) -> None:
    here = auth.register(locale="en-US")

    changed = auth.signed_in("PATCH", ME, here.access, {"week_start": "saturday"})
    assert (changed.status, changed.body["week_start"]) == (200, "saturday")
    assert auth.signed_in("PATCH", ME, here.access, {"name": "Ada"}).body["week_start"] == "saturday"
    assert auth.get(ME, here.access).body["week_start"] == "saturday"
    assert auth.signed_in("PATCH", ME, here.access, {"week_start": None}).body["week_start"] == "sunday"


def test_another_address_needs_the_password(auth: Auth) -> None:
    old, new = unused_email(), unused_email()
    here = auth.register(old)

    assert auth.signed_in("PATCH", ME, here.access, {"email": new}).status == 422
    wrong = auth.signed_in("PATCH", ME, here.access, {"email": new, "password": "not that one"})
    assert (wrong.status, wrong.bad_fields) == (422, {"/password"})
    right = auth.signed_in("PATCH", ME, here.access, {"email": new, "password": PASSWORD})

    assert (right.status, right.body["email"]) == (200, new)
    assert (auth.login(old).status, auth.login(new).status) == (401, 200)
    assert auth.register(old).status == 201


def test_name_and_address_are_changed_together(auth: Auth) -> None:
    here, new = auth.register(name="Ada"), unused_email()

    changed = auth.signed_in("PATCH", ME, here.access, {"name": "Ada L.", "email": new, "password": PASSWORD})

    assert (changed.body["name"], changed.body["email"]) == ("Ada L.", new)
    assert auth.get(ME, here.access).body == changed.body


def test_an_address_that_is_taken_stays_with_whom_it_belongs_to(auth: Auth) -> None:
    hers, his = unused_email(), unused_email()
    auth.register(hers)
    bob = auth.register(his)

    refused = auth.signed_in("PATCH", ME, bob.access, {"email": hers.upper(), "password": PASSWORD, "name": "Bob"})

    assert (refused.status, refused.bad_fields) == (409, {"/email"})
    assert auth.get(ME, bob.access).body["name"] is None
    same = auth.signed_in("PATCH", ME, bob.access, {"email": his.upper(), "password": PASSWORD})
    assert same.status == 200


def test_of_two_who_want_one_address_at_once_one_gets_it(auth: Auth) -> None:
    wanted = unused_email()
    users = [auth.register() for _ in range(3)]
    body = {"email": wanted, "password": PASSWORD}

    moves = [lambda one=one: auth.signed_in("PATCH", ME, one.access, body) for one in users]
    answers = concurrently(*moves, lambda: auth.register(wanted))

    assert sorted(answer.status for answer in answers)[1:] == [409, 409, 409]
    assert auth.login(wanted).status == 200


@pytest.mark.parametrize(
    "sent",
    [{"email": None}, {"email": "unknown"}, {"name": "A\x00"}, {"admin": True}, {"id": "x"}, {"week_start": "friday"}],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_cannot_be_is_refused(auth: Auth, sent: dict[str, Any]) -> None:
    here = auth.register()

    assert auth.signed_in("PATCH", ME, here.access, {"password": PASSWORD} | sent).status == 422
