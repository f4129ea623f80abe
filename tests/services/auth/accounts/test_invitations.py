"""Who may have an account: the first user, then invited users, where that is the policy."""

from collections.abc import Iterator
from functools import partial
from uuid import uuid4

import pytest

from tests.support.auth import (
    HTTPS,
    Auth,
    AuthResponse,
    StoppedClock,
    concurrently,
    migrate,
    running_auth,
    settings,
    unused_email,
)
from tests.support.databases import Databases
from tests.support.ledger_member import LedgerMember

INVITATIONS = "/api/v1/auth/invitations"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def house(databases: Databases, clock: StoppedClock) -> Iterator[Auth]:
    """An empty installation by invitation only."""
    url = databases.copy_of("auth", migrate)
    with running_auth(settings(url, outlay_registration="invite", outlay_public_url=HTTPS), clock) as instance:
        yield instance
    databases.drop(url)


def invited(house: Auth, admin: AuthResponse, **sent: str) -> AuthResponse:
    return house.signed_in("POST", INVITATIONS, admin.access, sent)


def token(invitation: AuthResponse) -> str:
    link: str = invitation.body["link"]
    page, _, found = link.partition("#")
    assert page == f"{HTTPS}/sign-up"
    return found


def test_the_first_one_in_is_the_administrator_and_closes_the_door(house: Auth) -> None:
    options = "/api/v1/auth/options"
    assert house.call("GET", options).body == {
        "registration": "invite",
        "mail": False,
        "first": True,
        "administrator": False,
    }

    ada = house.register()

    assert ada.body["user"]["admin"] is True
    assert house.call("GET", options).body == {
        "registration": "invite",
        "mail": False,
        "first": False,
        "administrator": True,
    }
    refused = house.register()
    assert (refused.status, refused.body["type"]) == (403, "urn:outlay:problem:invitation-needed")
    assert house.register(ada.body["user"]["email"]).body == refused.body


def test_of_many_first_ones_at_once_one_is_the_administrator(databases: Databases) -> None:
    url = databases.copy_of("auth", migrate)
    with running_auth(settings(url)) as one, running_auth(settings(url)) as other:
        answers = concurrently(one.register, other.register, one.register, other.register)
    databases.drop(url)

    assert sorted(answer.body["user"]["admin"] for answer in answers) == [False, False, False, True]


def test_of_many_first_ones_at_once_one_gets_in_where_invitations_rule(house: Auth) -> None:
    answers = concurrently(*[house.register] * 4)

    assert sorted(answer.status for answer in answers) == [201, 403, 403, 403]


def test_an_invitation_lets_one_person_in_once(house: Auth) -> None:
    ada = house.register()
    link = token(invited(house, ada))

    answers = concurrently(*[partial(house.register, invitation=link)] * 3)

    assert sorted(answer.status for answer in answers) == [201, 403, 403]
    bob = next(answer for answer in answers if answer.status == 201)
    assert bob.body["user"]["admin"] is False
    assert house.get(INVITATIONS, ada.access).body["items"] == []


def test_an_invitation_is_not_used_up_by_a_registration_that_fails(house: Auth) -> None:
    ada = house.register()
    link = token(invited(house, ada))

    assert house.register(ada.body["user"]["email"], invitation=link).status == 409
    assert house.register(password="password", invitation=link).status == 422
    assert house.register(invitation=link).status == 201


def test_an_invitation_is_good_for_a_week(house: Auth, clock: StoppedClock) -> None:
    link = token(invited(house, house.register()))
    clock.forward(days=7)

    assert house.register(invitation=link).status == 403


def test_an_invitation_withdrawn_admits_no_user(house: Auth) -> None:
    ada = house.register()
    made = invited(house, ada, email=unused_email())
    [listed] = house.get(INVITATIONS, ada.access).body["items"]
    assert listed == {name: made.body[name] for name in ("id", "email", "created_at", "expires_at")}

    path = f"{INVITATIONS}/{listed['id']}"
    assert house.signed_in("DELETE", path, ada.access).status == 204
    assert house.signed_in("DELETE", path, ada.access).status == 404

    assert house.register(invitation=token(made)).status == 403


def test_only_the_administrator_invites(house: Auth) -> None:
    ada = house.register()
    bob = house.register(invitation=token(invited(house, ada)))
    made = invited(house, ada)

    assert invited(house, bob).status == 403
    assert house.get(INVITATIONS, bob.access).status == 403
    assert house.signed_in("DELETE", f"{INVITATIONS}/{made.body['id']}", bob.access).status == 403
    assert house.signed_in("DELETE", f"{INVITATIONS}/{uuid4()}", bob.access).status == 403
    assert house.call("POST", INVITATIONS, {}).status == 401


def test_a_link_into_a_ledger_lets_one_person_in_here_and_there(house: Auth) -> None:
    ada = LedgerMember(house, "Ada")
    ledger = ada.make_ledger()
    link = ada.invite(ledger, "viewer")

    answers = concurrently(*[partial(house.register, invitation=link)] * 3)

    assert sorted(answer.status for answer in answers) == [201, 403, 403]
    bob = next(answer for answer in answers if answer.status == 201)
    assert {one["id"]: one["role"] for one in bob.body["user"]["ledgers"]}[ledger] == "viewer"
    assert house.get(f"/api/v1/ledgers/{ledger}/members", bob.access).status == 200
    again = house.signed_in("POST", "/api/v1/invitations/accept", bob.access, {"token": link})
    assert (again.status, again.body["id"]) == (200, ledger)
    assert house.register(invitation=link).status == 403


def test_without_mail_no_new_user_is_invited_into_a_ledger_by_an_address(house: Auth) -> None:
    ada, bobs = LedgerMember(house, "Ada"), unused_email()
    ledger = ada.make_ledger()

    refused = ada.request("POST", f"/ledgers/{ledger}/invitations", {"role": "viewer", "email": bobs})

    assert (refused.status, refused.bad_fields) == (422, {"/email"}), "without mail the owner cannot be verified"
    assert ada.request("GET", f"/ledgers/{ledger}/invitations").body["items"] == []


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_made_up_invitation_is_none(house: Auth) -> None:
    house.register()

    for made_up in ("", "nonsense", "x" * 100):
        assert house.register(invitation=made_up).status == 403
    assert house.register(invitation="x" * 101).status == 422
