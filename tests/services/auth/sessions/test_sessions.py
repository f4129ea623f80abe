from uuid import uuid4

import pytest

from tests.support.auth import Auth, unused_email

SESSIONS = "/api/v1/auth/sessions"


def end(auth: Auth, session: str, token: str) -> int:
    return auth.call("DELETE", f"{SESSIONS}/{session}", Authorization=f"Bearer {token}").status


def test_people_see_where_they_are_signed_in(auth: Auth) -> None:
    address = unused_email()
    auth.call("POST", "/api/v1/auth/register", {"email": address, "password": "a long walk home"}, User_Agent="Firefox")
    phone = auth.login(address, User_Agent="Phone")

    page = auth.get(SESSIONS, phone.access).body

    assert [(item["device"], item["current"]) for item in page["items"]] == [("Phone", True), ("Firefox", False)]
    assert page["next_cursor"] is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("not an address", None),
        ("203.0.113.7, 198.51.100.1", None),
        ("203.0.113.7:443", None),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_they_see_from_where_each_was_last_used(auth: Auth, said: str, kept: str | None) -> None:
    signed_in = auth.register(address=said)
    assert [item["address"] for item in auth.sessions(signed_in.access)] == [kept]

    cookie = f"{auth.names.refresh}={signed_in.refresh}"
    moved = auth.call("POST", "/api/v1/auth/refresh", Cookie=cookie, Outlay_Address="198.51.100.1")
    assert [item["address"] for item in auth.sessions(moved.access)] == ["198.51.100.1"]


def test_a_session_ended_elsewhere_is_refused(auth: Auth) -> None:
    address = unused_email()
    lost, here = auth.register(address), auth.login(address)
    items = auth.get(SESSIONS, here.access).body["items"]
    other = next(item["id"] for item in items if not item["current"])

    assert end(auth, other, here.access) == 204

    assert auth.refresh(lost.refresh).status == 401
    assert auth.get("/api/v1/auth/me", lost.access).status == 401
    assert auth.get(SESSIONS, lost.access).status == 401
    assert [item["current"] for item in auth.get(SESSIONS, here.access).body["items"]] == [True]


def test_no_user_sees_or_ends_the_sessions_of_others(auth: Auth) -> None:
    ada, bob = auth.register(), auth.register()
    hers = auth.get(SESSIONS, ada.access).body["items"][0]["id"]
    theirs = auth.get(SESSIONS, bob.access).body["items"]

    foreign = auth.call("DELETE", f"{SESSIONS}/{hers}", Authorization=f"Bearer {bob.access}")
    unknown = auth.call("DELETE", f"{SESSIONS}/{uuid4()}", Authorization=f"Bearer {bob.access}")
    malformed = auth.call("DELETE", f"{SESSIONS}/nonsense", Authorization=f"Bearer {bob.access}")

    assert hers not in {item["id"] for item in theirs}
    assert (foreign.status, foreign.body) == (404, unknown.body)
    assert malformed.body == unknown.body
    assert auth.get("/api/v1/auth/me", ada.access).status == 200


def test_an_ended_session_ends_no_other(auth: Auth) -> None:
    address = unused_email()
    gone, here = auth.register(address), auth.login(address)
    mine = next(item["id"] for item in auth.get(SESSIONS, here.access).body["items"] if item["current"])
    auth.logout(Authorization=f"Bearer {gone.access}")

    assert end(auth, mine, gone.access) == 401
    assert auth.refresh(here.refresh).status == 200


def test_signing_out_everywhere_else_keeps_this_session_alone(auth: Auth) -> None:
    address = unused_email()
    others = [auth.register(address), auth.login(address), auth.login(address)]
    here, outsider = auth.login(address), auth.register()

    assert auth.signed_in("DELETE", f"{SESSIONS}?keep=current", here.access).status == 204

    assert [auth.refresh(other.refresh).status for other in others] == [401, 401, 401]
    assert [item["current"] for item in auth.sessions(here.access)] == [True]
    assert auth.refresh(outsider.refresh).status == 200
    assert auth.signed_in("DELETE", f"{SESSIONS}?keep=current", here.access).status == 204
    assert auth.refresh(here.refresh).status == 200


def test_signing_out_everywhere_ends_this_session_too(auth: Auth) -> None:
    address = unused_email()
    there, here = auth.register(address), auth.login(address)

    assert auth.signed_in("DELETE", SESSIONS, here.access).status == 204

    assert [auth.refresh(one.refresh).status for one in (there, here)] == [401, 401]
    assert auth.signed_in("DELETE", SESSIONS, here.access).status == 401
    assert auth.login(address).status == 200


def test_who_keeps_what_is_unknown_ends_nothing(auth: Auth) -> None:
    here = auth.register()

    assert auth.signed_in("DELETE", f"{SESSIONS}?keep=others", here.access).status == 400
    assert auth.refresh(here.refresh).status == 200


@pytest.mark.parametrize("proof", ["cookie", "bearer", "both"])
def test_signing_out_ends_the_session_and_clears_the_cookies(auth: Auth, proof: str) -> None:
    signed_in = auth.register()
    sent = {}
    if proof in {"cookie", "both"}:
        sent["Cookie"] = f"{auth.names.refresh}={signed_in.refresh}"
    if proof in {"bearer", "both"}:
        sent["Authorization"] = f"Bearer {signed_in.access}"

    first, second = auth.logout(**sent), auth.logout(**sent)

    assert (first.status, second.status) == (204, 204)
    assert set(first.set_cookies) == {auth.names.access, auth.names.refresh}
    assert all("=; Max-Age=0; Path=/" in line for line in first.set_cookies.values())
    assert auth.refresh(signed_in.refresh).status == 401
    assert auth.get("/api/v1/auth/me", signed_in.access).status == 401


def test_signing_out_without_proof_ends_nothing(auth: Auth) -> None:
    signed_in = auth.register()
    family = signed_in.refresh.partition(".")[0]

    for sent in ({}, {"Cookie": f"{auth.names.refresh}={family}.0.{'A' * 43}"}, {"Authorization": "Bearer nonsense"}):
        assert auth.logout(**sent).status == 204

    assert auth.refresh(signed_in.refresh).status == 200


@pytest.mark.parametrize("path", ["/api/v1/auth/me", SESSIONS])
@pytest.mark.parametrize("authorization", [None, "Bearer", "Bearer nonsense", "Basic YWRhOng="])
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_strangers_are_asked_to_sign_in(auth: Auth, path: str, authorization: str | None) -> None:
    answer = auth.call("GET", path, **({"Authorization": authorization} if authorization else {}))

    assert (answer.status, answer.body["type"]) == (401, "urn:outlay:problem:unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"
