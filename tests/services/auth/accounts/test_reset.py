"""A forgotten password, with a real mail server."""

from collections.abc import Iterator
from functools import partial

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from services.auth.settings import Settings
from services.auth.throttling.login_throttle import PASSWORD
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
from tests.support.mail import Mailbox, mail_server
from tests.support.waiting import until

NEW = "another long walk"
SUBJECT = "A new password"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def told(databases: Databases, mailbox: Mailbox) -> Iterator[Settings]:
    url = databases.copy_of("auth", migrate)
    mail = {"smtp_url": SecretStr(mailbox.url), "mail_from": "outlay@example.org"}
    yield settings(url, outlay_public_url=HTTPS, **mail)
    databases.drop(url)


@pytest.fixture(scope="module")
def clock() -> StoppedClock:
    return StoppedClock()


def ask(auth: Auth, email: str, **headers: str) -> AuthResponse:
    return auth.call("POST", "/api/v1/auth/reset-request", {"email": email}, **headers)


def reset(auth: Auth, token: str, password: str = NEW) -> AuthResponse:
    return auth.call("POST", "/api/v1/auth/reset", {"token": token, "password": password})


def sent_token(auth: Auth, mailbox: Mailbox, address: str) -> str:
    """Asks for a link, and waits for it."""
    already = len(mailbox.to(address))
    assert ask(auth, address).status == 202
    until(lambda: len(mailbox.to(address)) > already, what="the letter")
    page, _, token = mailbox.link(address, SUBJECT).partition("#")
    assert page == f"{HTTPS}/reset-password"
    return token


def test_a_link_sets_a_new_password_and_ends_every_session(auth: Auth, mailbox: Mailbox) -> None:
    address = unused_email()
    here = auth.register(address)

    assert reset(auth, sent_token(auth, mailbox, address)).status == 204

    assert auth.refresh(here.refresh).status == 401
    assert (auth.login(address).status, auth.login(address, NEW).status) == (401, 200)
    letter = mailbox.newest(address, SUBJECT)
    assert (letter["From"], letter["Auto-Submitted"]) == ("outlay@example.org", "auto-generated")
    assert mailbox.newest(address, "was changed")


def test_an_unknown_address_gets_the_same_response_and_no_email(auth: Auth, mailbox: Mailbox) -> None:
    known, unknown = unused_email(), unused_email()
    auth.register(known)
    before = len(mailbox.messages)

    answers = [ask(auth, email) for email in (unknown, "unknown", "", "unknown@example.org\x00", known)]

    assert {(answer.status, str(answer.body)) for answer in answers} == {(202, "None")}
    # Letters are written one after the other: with the last one sent, the others would have been.
    mailbox.newest(known, SUBJECT)
    assert [letter["To"] for letter in mailbox.messages[before:] if SUBJECT in letter["Subject"]] == [known]


def test_a_link_is_good_once_even_for_two_at_once(auth: Auth, mailbox: Mailbox) -> None:
    address = unused_email()
    auth.register(address)
    token = sent_token(auth, mailbox, address)
    passwords = [f"long walk number {number}" for number in range(3)]

    answers = concurrently(*[partial(reset, auth, token, password) for password in passwords])

    assert sorted(answer.status for answer in answers) == [204, 422, 422]
    over = next(answer for answer in answers if answer.status == 422)
    assert (over.body["type"], over.bad_fields) == ("urn:outlay:problem:link-over", {"/token"})
    assert sorted(auth.login(address, password).status for password in passwords) == [200, 401, 401]


def test_a_link_is_good_for_an_hour(auth: Auth, clock: StoppedClock, mailbox: Mailbox) -> None:
    address = unused_email()
    auth.register(address)
    token = sent_token(auth, mailbox, address)
    clock.forward(hours=1)

    assert reset(auth, token).body == reset(auth, "nonsense").body
    assert auth.login(address).status == 200


def test_a_refused_password_does_not_use_up_the_link(auth: Auth, mailbox: Mailbox) -> None:
    address = unused_email()
    auth.register(address)
    token = sent_token(auth, mailbox, address)

    refused = reset(auth, token, "password")

    assert (refused.status, refused.bad_fields) == (422, {"/password"})
    assert reset(auth, token).status == 204


def test_a_mailbox_is_not_flooded_with_invitations_either(auth: Auth, clock: StoppedClock, mailbox: Mailbox) -> None:
    """Any user can make a ledger, and invite any address as often as they take the invitation back."""
    clock.back()
    ada, bobs = LedgerMember(auth, "Ada"), unused_email()
    ledger = ada.make_ledger()

    answers = [
        ada.request("POST", f"/ledgers/{ledger}/invitations", {"role": "viewer", "email": bobs}) for _ in range(6)
    ]

    assert [answer.status for answer in answers] == [201, 201, 201, 201, 429, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert len(ada.request("GET", f"/ledgers/{ledger}/invitations").body["items"]) == 4
    until(lambda: len(mailbox.to(bobs)) == 4, what="the letters that were let through")


def test_a_new_password_makes_every_other_link_good_for_nothing(auth: Auth, mailbox: Mailbox) -> None:
    address = unused_email()
    auth.register(address)
    first, second = sent_token(auth, mailbox, address), sent_token(auth, mailbox, address)

    assert reset(auth, second).status == 204
    assert reset(auth, first).status == 422


def test_a_link_opens_the_door_that_guessing_closed(auth: Auth, mailbox: Mailbox) -> None:
    address = unused_email()
    auth.register(address)
    for _ in range(PASSWORD.free + 1):
        auth.login(address, "not that one")
    assert auth.login(address).status == 429

    assert reset(auth, sent_token(auth, mailbox, address)).status == 204
    assert auth.login(address, NEW).status == 200


def test_a_mailbox_is_not_flooded(auth: Auth, mailbox: Mailbox) -> None:
    address, other = unused_email(), unused_email()
    auth.register(address)
    auth.register(other)

    assert {ask(auth, address).status for _ in range(12)} == {202}

    sent_token(auth, mailbox, other)
    assert len([letter for letter in mailbox.to(address) if SUBJECT in letter["Subject"]]) == 4


def test_an_address_that_asks_for_many_letters_is_slowed_down(auth: Auth) -> None:
    statuses = [ask(auth, unused_email(), Outlay_Address="203.0.113.50").status for _ in range(22)]

    assert statuses == [202] * 21 + [429]
    assert ask(auth, unused_email(), Outlay_Address="203.0.113.51").status == 202


def test_the_host_header_has_no_say_in_the_link(auth: Auth, mailbox: Mailbox) -> None:
    address = unused_email()
    auth.register(address)

    assert ask(auth, address, Host="evil.example", X_Forwarded_Host="evil.example").status == 202

    assert mailbox.link(address, SUBJECT).startswith(f"{HTTPS}/reset-password#")
    assert "evil" not in mailbox.newest(address, SUBJECT).as_string()


def test_the_database_holds_no_token(auth: Auth, told: Settings, mailbox: Mailbox) -> None:
    address = unused_email()
    auth.register(address)
    token = sent_token(auth, mailbox, address)
    engine = sa.create_engine(told.database_url.get_secret_value())

    with engine.connect() as connection:
        metadata = sa.MetaData()
        metadata.reflect(connection)
        stored = repr([connection.execute(sa.select(table)).all() for table in metadata.sorted_tables])
    engine.dispose()

    assert address in stored
    assert token not in stored


def test_without_a_mail_server_it_says_so_to_everybody(databases: Databases) -> None:
    url = databases.copy_of("auth", migrate)
    with running_auth(settings(url)) as auth:
        known = auth.register().body["user"]["email"]
        one, other = ask(auth, known), ask(auth, unused_email())
    databases.drop(url)

    assert (one.status, one.body["type"]) == (409, "urn:outlay:problem:no-mail")
    assert other.body == one.body


def test_a_mail_server_that_is_away_delays_no_response(databases: Databases, mailbox: Mailbox) -> None:
    url = databases.copy_of("auth", migrate)
    gone = {"smtp_url": SecretStr("smtp://127.0.0.1:1"), "mail_from": "outlay@example.org"}
    with running_auth(settings(url, **gone)) as auth:
        address = auth.register().body["user"]["email"]
        assert ask(auth, address).status == 202
        assert auth.login(address).status == 200
    databases.drop(url)


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", ""])
def test_a_mail_server_has_to_look_like_one(url: str) -> None:
    with pytest.raises(ValueError, match="smtp_url"):
        settings("sqlite://", smtp_url=SecretStr(url), mail_from="outlay@example.org")


def test_a_mail_server_needs_a_sender() -> None:
    with pytest.raises(ValueError, match="MAIL_FROM"):
        settings("sqlite://", smtp_url=SecretStr("smtp://mail.example"))
