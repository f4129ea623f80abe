"""Guessing passwords gets slower and slower; no signed-in user feels it, and no user is locked out."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest
from argon2 import PasswordHasher

from services.auth.settings import Settings
from services.auth.throttling.login_throttle import NETWORK, PASSWORD
from tests.support.auth import PASSWORD as RIGHT
from tests.support.auth import Auth, AuthResponse, StoppedClock, concurrently, running_auth, unused_email

HOME, ELSEWHERE = "192.0.2.1", "203.0.113.9"


@pytest.fixture(scope="module")
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def now(told: Settings) -> Iterator[Auth]:
    """An instance whose clock is right, so that its access tokens are of today."""
    with running_auth(told, StoppedClock()) as instance:
        yield instance


def wrong(auth: Auth, email: str, times: int, **headers: str) -> AuthResponse:
    """The last of several wrong tries."""
    answers = [auth.login(email, "not that one", **headers) for _ in range(times)]
    return answers[-1]


def is_throttled(auth: Auth, email: str, **headers: str) -> bool:
    return auth.login(email, **headers).status == 429


def test_after_some_wrong_tries_each_further_one_closes_the_door_for_longer(auth: Auth, clock: StoppedClock) -> None:
    address = unused_email()
    auth.register(address)
    assert wrong(auth, address, PASSWORD.free + 1).status == 401

    refused = auth.login(address)
    assert (refused.status, refused.body["type"]) == (429, "urn:outlay:problem:too-many-requests")
    assert refused.headers["retry-after"] == "1"

    waits = []
    for _ in range(12):
        clock.forward(seconds=int(auth.login(address).headers["retry-after"]))
        assert wrong(auth, address, 1).status == 401
        waits.append(int(auth.login(address).headers["retry-after"]))
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]

    clock.forward(minutes=5)
    assert auth.login(address).status == 200
    assert wrong(auth, address, PASSWORD.free).status == 401
    assert auth.login(address).status == 200


def test_an_account_that_is_none_is_counted_and_answered_like_one(auth: Auth) -> None:
    known, unknown = unused_email(), unused_email()
    auth.register(known)

    for address in (known, unknown):
        wrong(auth, address, PASSWORD.free + 1)
    one, other = (auth.login(address, "not that one") for address in (known, unknown))

    assert (one.status, one.body, one.headers["retry-after"]) == (429, other.body, other.headers["retry-after"])


def test_every_try_costs_one_hash_whether_there_is_an_account_or_not(
    auth: Auth, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = unused_email()
    auth.register(address)
    hashed: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, hash: str, password: str) -> bool:  # noqa: A002 - argon2's name
        hashed.append(hash.rpartition("$")[0].rpartition("$")[0])
        return verify(self, hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    for email in (address, unused_email(), "unknown", ""):
        auth.login(email, "not that one")

    assert len(hashed) == 4
    assert len(set(hashed)) == 1


def test_knocking_at_a_closed_door_does_not_keep_it_closed(auth: Auth, clock: StoppedClock) -> None:
    address = unused_email()
    auth.register(address)
    wrong(auth, address, PASSWORD.free + 1)

    assert wrong(auth, address, 20).status == 429
    clock.forward(seconds=1)

    assert auth.login(address).status == 200


def test_who_is_signed_in_feels_nothing(now: Auth) -> None:
    address = unused_email()
    here = now.register(address)
    wrong(now, address, PASSWORD.free + 1, Outlay_Address=ELSEWHERE)
    assert is_throttled(now, address)

    assert now.get("/api/v1/auth/me", here.access).status == 200
    assert now.refresh(here.refresh).status == 200
    sent = {"current": RIGHT, "new": "another long walk"}
    assert now.call("POST", "/api/v1/auth/password", sent, Authorization=f"Bearer {here.access}").status == 204


def test_where_the_owner_is_signed_in_others_cannot_close_the_door(auth: Auth) -> None:
    address = unused_email()
    auth.register(address, address=HOME)
    wrong(auth, address, PASSWORD.free + 1, Outlay_Address=ELSEWHERE)

    assert is_throttled(auth, address, Outlay_Address=ELSEWHERE)
    assert is_throttled(auth, address, Outlay_Address="198.51.100.1")
    assert auth.login(address, Outlay_Address=HOME).status == 200


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [("203.0.113.1", "::ffff:203.0.113.1", "203.0.113.2"), ("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1")],
    ids=["IPv4", "IPv6"],
)
def test_an_address_that_tries_many_accounts_is_slowed_down(auth: Auth, one: str, same: str, other: str) -> None:
    address = unused_email()
    auth.register(address)
    for _ in range(NETWORK.free + 1):
        assert auth.login(unused_email(), "not that one", Outlay_Address=one).status == 401

    assert is_throttled(auth, address, Outlay_Address=same)
    assert not is_throttled(auth, address, Outlay_Address=other)


def test_right_passwords_cost_an_address_nothing(auth: Auth) -> None:
    address = unused_email()
    auth.register(address)
    seen = Counter(auth.login(address, Outlay_Address="198.51.100.77").status for _ in range(NETWORK.free + 5))

    assert NETWORK.free == 30
    assert seen == {200: 35}


def test_of_many_at_once_none_slips_through(auth: Auth) -> None:
    address = unused_email()
    auth.register(address)

    answers = concurrently(*[partial(auth.login, address, "not that one")] * 14)

    assert Counter(answer.status for answer in answers) == {401: PASSWORD.free + 1, 429: 3}


def test_a_restart_forgets_no_wrong_try(told: Settings) -> None:
    clock, address = StoppedClock(), unused_email()
    with running_auth(told, clock) as before:
        before.register(address)
        for _ in range(PASSWORD.free + 5):
            wrong(before, address, 1)
            clock.forward(seconds=20)
        wrong(before, address, 1)
    with running_auth(told, clock) as after:
        assert is_throttled(after, address)


def test_a_password_asked_for_in_a_session_is_counted_there_alone(now: Auth) -> None:
    address = unused_email()
    here, there = now.register(address), now.login(address)
    guess = {"current": "not that one", "new": "another long walk"}

    def change(token: str, **sent: str) -> AuthResponse:
        return now.call("POST", "/api/v1/auth/password", guess | sent, Authorization=f"Bearer {token}")

    answers = [change(here.access) for _ in range(PASSWORD.free + 2)]

    assert Counter(answer.status for answer in answers) == {422: PASSWORD.free + 1, 429: 1}
    assert answers[0].bad_fields == {"/current"}
    assert now.login(address).status == 200
    assert change(there.access, current=RIGHT).status == 204
