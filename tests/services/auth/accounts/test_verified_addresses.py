"""An address counts once a link sent there was opened, where mail is sent."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from services.auth.cli import build
from services.auth.settings import Settings
from tests.support.auth import PASSWORD, Auth, AuthResponse, MovableClock, migrate, running_auth, settings, unused_email
from tests.support.databases import Databases
from tests.support.ledger_member import LedgerMember
from tests.support.mail import Mailbox, mail_server
from tests.support.waiting import until

CONFIRM = "Confirm your address"
NEW = "another long walk"
ME = "/auth/me"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def told(databases: Databases, mailbox: Mailbox) -> Iterator[Settings]:
    url = databases.copy_of("auth", migrate)
    yield settings(url, smtp_url=SecretStr(mailbox.url), mail_from="outlay@example.org")
    databases.drop(url)


@pytest.fixture(autouse=True)
def _on_time(clock: MovableClock) -> Iterator[None]:
    yield
    clock.back()


def verify(auth: Auth, token: str) -> AuthResponse:
    return auth.call("POST", "/api/v1/auth/verify", {"token": token})


def token_sent_to(mailbox: Mailbox, address: str, *, mails: int = 1) -> str:
    """The token of the newest link, once that many mails have come to the address: they come in order, but later."""
    until(lambda: len(mailbox.to(address)) >= mails, what=f"{mails} mails to {address}")
    page, _, token = mailbox.link(address, CONFIRM).partition("#")
    assert page == "http://localhost:8000/verify-email"
    return token


def change_address(person: LedgerMember, email: str) -> AuthResponse:
    return person.request("PATCH", ME, {"email": email, "password": PASSWORD})


def addresses(person: LedgerMember) -> tuple[str, bool, str | None]:
    user = person.request("GET", ME).body
    return user["email"], user["email_verified"], user["pending_email"]


def reset_by_mail(auth: Auth, mailbox: Mailbox, email: str) -> AuthResponse:
    auth.call("POST", "/api/v1/auth/reset-request", {"email": email})
    token = mailbox.link(email, "A new password").partition("#")[2]
    return auth.call("POST", "/api/v1/auth/reset", {"token": token, "password": NEW})


def test_a_new_account_gets_a_link_that_verifies_its_address_once(auth: Auth, mailbox: Mailbox) -> None:
    ada = LedgerMember(auth, "Ada")
    assert addresses(ada) == (ada.email, False, None)
    token = token_sent_to(mailbox, ada.email)

    assert verify(auth, token).status == 204

    assert addresses(ada) == (ada.email, True, None)
    again = verify(auth, token)
    assert (again.status, again.body["type"]) == (422, "urn:outlay:problem:link-over")


def test_the_link_is_sent_again_when_asked_for_and_not_too_often(auth: Auth, mailbox: Mailbox) -> None:
    ada = LedgerMember(auth, "Ada")
    first = token_sent_to(mailbox, ada.email)

    answers = [ada.request("POST", "/auth/verification").status for _ in range(5)]

    assert answers == [202, 202, 202, 429, 429], "the one of the registration counts"
    until(lambda: len(mailbox.to(ada.email)) == 4, what="the letters")
    assert verify(auth, first).status == 204, "an older link is as good"
    refused = ada.request("POST", "/auth/verification")
    assert refused.status == 409


def test_a_link_is_good_for_a_week(auth: Auth, clock: MovableClock, mailbox: Mailbox) -> None:
    ada = LedgerMember(auth, "Ada")
    token = token_sent_to(mailbox, ada.email)
    clock.forward(days=7, minutes=1)
    assert verify(auth, token).status == 422


def test_another_address_counts_once_its_link_was_opened(auth: Auth, mailbox: Mailbox) -> None:
    ada, new = LedgerMember(auth, "Ada"), unused_email()
    old = ada.email
    verify(auth, token_sent_to(mailbox, old))

    changed = change_address(ada, new)

    assert (changed.status, changed.body["email"], changed.body["pending_email"]) == (200, old, new)
    assert (auth.login(old).status, auth.login(new).status) == (200, 401)
    assert verify(auth, token_sent_to(mailbox, new)).status == 204
    assert addresses(ada) == (new, True, None)
    assert (auth.login(old).status, auth.login(new).status) == (401, 200)
    mailbox.newest(old, "Your Outlay address was changed")


def test_back_to_the_present_address_takes_the_change_back(auth: Auth, mailbox: Mailbox) -> None:
    ada, new = LedgerMember(auth, "Ada"), unused_email()
    change_address(ada, new)

    assert change_address(ada, ada.email).body["pending_email"] is None

    assert verify(auth, token_sent_to(mailbox, new)).status == 422
    assert addresses(ada) == (ada.email, False, None)


def test_only_the_newest_pending_address_counts(auth: Auth, mailbox: Mailbox) -> None:
    ada, first, second = LedgerMember(auth, "Ada"), unused_email(), unused_email()
    change_address(ada, first)
    change_address(ada, second)

    assert verify(auth, token_sent_to(mailbox, first)).status == 422
    assert verify(auth, token_sent_to(mailbox, second)).status == 204
    assert addresses(ada)[0] == second


def test_an_address_that_another_user_took_meanwhile_is_refused(auth: Auth, mailbox: Mailbox) -> None:
    ada, wanted = LedgerMember(auth, "Ada"), unused_email()
    change_address(ada, wanted)
    token = token_sent_to(mailbox, wanted)
    auth.register(wanted)

    assert verify(auth, token).status == 409
    assert addresses(ada)[0] == ada.email


def test_a_new_password_forgets_an_address_that_waits(auth: Auth, mailbox: Mailbox) -> None:
    """It may have been requested by a thief of the old password."""
    ada, evil = LedgerMember(auth, "Ada"), unused_email()
    change_address(ada, evil)
    token = token_sent_to(mailbox, evil)

    assert ada.request("POST", "/auth/password", {"current": PASSWORD, "new": NEW}).status == 204

    assert verify(auth, token).status == 422
    assert addresses(ada) == (ada.email, False, None)


def test_who_registers_an_address_first_loses_everything_to_its_owner(auth: Auth, mailbox: Mailbox) -> None:
    squatter, evil = LedgerMember(auth, "Eve"), unused_email()
    address = squatter.email
    program = squatter.request("POST", "/auth/tokens", {"name": "x", "scopes": ["read"], "password": PASSWORD}).body
    invitation = squatter.invite(squatter.make_ledger())
    change_address(squatter, evil)

    assert reset_by_mail(auth, mailbox, address).status == 204

    assert squatter.request("GET", ME).status == 401
    assert auth.login(address).status == 401
    owner = auth.login(address, NEW)
    user = owner.body["user"]
    assert (user["email"], user["email_verified"], user["pending_email"]) == (address, True, None)
    assert auth.get("/api/v1/auth/tokens", owner.access).body["items"] == []
    assert verify(auth, token_sent_to(mailbox, evil)).status == 422
    assert LedgerMember(auth, "Mallory").accept(invitation).status == 404
    assert program["token"]


def test_a_link_of_the_operator_proves_no_address(auth: Auth, told: Settings) -> None:
    ada = LedgerMember(auth, "Ada")
    parts = build(told)
    link = parts.reset_links.create_link(ada.email)
    parts.database.close()
    assert link
    body = {"token": link.partition("#")[2], "password": NEW}

    assert auth.call("POST", "/api/v1/auth/reset", body).status == 204

    assert not auth.login(ada.email, NEW).body["user"]["email_verified"]


def test_for_one_address_alone_means_a_verified_one(auth: Auth, mailbox: Mailbox) -> None:
    ada, bobs = LedgerMember(auth, "Ada"), unused_email()
    link = ada.invite(ada.make_ledger(), email=bobs)
    eve = LedgerMember(auth, "Eve")

    change_address(eve, bobs)
    assert eve.accept(link).status == 403, "an unverified address does not count"
    change_address(eve, eve.email)
    bob = LedgerMember(auth, "Bob", bobs)
    refused = bob.accept(link)
    assert (refused.status, refused.body["type"]) == (403, "urn:outlay:problem:email-unverified")
    assert bob.request("POST", "/invitations/preview", {"token": link}).status == 403

    sent_to_bob = token_sent_to(mailbox, bobs, mails=3)  # the invitation, Eve's link, and his own
    assert verify(auth, sent_to_bob).status == 204
    assert bob.accept(link).status == 200


def test_where_no_mail_is_sent_an_address_names_the_account_that_has_it(databases: Databases) -> None:
    url = databases.copy_of("auth", migrate)
    with running_auth(settings(url)) as auth:
        ada, bob, eve = (LedgerMember(auth, name) for name in ("Ada", "Bob", "Eve"))
        ledger = ada.make_ledger()
        link = ada.invite(ledger, email=bob.email.upper())
        was = bob.email
        assert change_address(bob, unused_email()).status == 200
        assert change_address(eve, was).body["email"] == was

        assert eve.accept(link).status == 403
        assert bob.accept(link).status == 200
        unknown = ada.request("POST", f"/ledgers/{ledger}/invitations", {"role": "viewer", "email": unused_email()})
        assert (unknown.status, unknown.bad_fields) == (422, {"/email"})
        assert eve.request("POST", "/auth/verification").status == 409, "no mail is sent from here"
    databases.drop(url)


def test_where_it_needs_an_invitation_the_link_makes_an_account_and_the_verified_address_joins(
    databases: Databases, mailbox: Mailbox
) -> None:
    url = databases.copy_of("auth", migrate)
    mail = {"smtp_url": SecretStr(mailbox.url), "mail_from": "outlay@example.org"}
    with running_auth(settings(url, outlay_registration="invite", **mail)) as house:
        ada, bobs = LedgerMember(house, "Ada"), unused_email()
        ledger = ada.make_ledger()
        link = ada.invite(ledger, email=bobs)
        assert house.register(invitation=link).status == 403

        joined = house.register(bobs, invitation=link)

        assert joined.status == 201
        assert [one["personal"] for one in joined.body["user"]["ledgers"]] == [True]
        accept = {"token": link}
        assert house.signed_in("POST", "/api/v1/invitations/accept", joined.access, accept).status == 403
        assert verify(house, token_sent_to(mailbox, bobs)).status == 204
        assert house.signed_in("POST", "/api/v1/invitations/accept", joined.access, accept).status == 200
    databases.drop(url)
