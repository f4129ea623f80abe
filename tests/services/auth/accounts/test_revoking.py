"""What ends with a password, what stays, and which actions need the password again."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from services.auth.settings import Settings
from tests.support.auth import PASSWORD, Auth, AuthResponse, migrate, service_token, settings
from tests.support.client import Client
from tests.support.databases import Databases
from tests.support.gateway_with_auth import gateway_with_auth
from tests.support.ledger_member import LedgerMember, head_of_identity, identity_changes
from tests.support.mail import Mailbox, mail_server
from tests.support.redis import RedisServer
from tests.support.waiting import until

NEW = "another long walk"
TOKENS = "/auth/tokens"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def told(databases: Databases, mailbox: Mailbox, shared_redis: RedisServer) -> Iterator[Settings]:
    url = databases.copy_of("auth", migrate)
    mail = {"smtp_url": SecretStr(mailbox.url), "mail_from": "outlay@example.org"}
    yield settings(url, redis_url=shared_redis.url, **mail)
    databases.drop(url)


def make_token(user: LedgerMember, *scopes: str, **different: Any) -> AuthResponse:
    body = {"name": "a program", "scopes": list(scopes or ["read"]), "password": PASSWORD}
    return user.request("POST", TOKENS, body | different)


def exchange(auth: Auth, token: str) -> AuthResponse:
    headers = {"Authorization": f"Bearer {service_token('gateway')}"}
    return auth.call("POST", "/internal/token-exchange", {"token": token}, **headers)


def reset_by_mail(auth: Auth, mailbox: Mailbox, email: str) -> AuthResponse:
    auth.call("POST", "/api/v1/auth/reset-request", {"email": email})
    token = mailbox.link(email, "A new password").partition("#")[2]
    return auth.call("POST", "/api/v1/auth/reset", {"token": token, "password": NEW})


def test_a_token_that_may_read_says_who_it_is(auth: Auth) -> None:
    ada = LedgerMember(auth, "Ada")
    reading, importing = (make_token(ada, scope).body["token"] for scope in ("read", "import"))

    shown = auth.get("/api/v1/auth/me", exchange(auth, reading).body["access_token"])
    refused = auth.get("/api/v1/auth/me", exchange(auth, importing).body["access_token"])

    assert (shown.status, shown.body) == (200, ada.request("GET", "/auth/me").body)
    assert refused.status == 403


def test_a_revoked_token_no_longer_says_who_it_is(auth: Auth) -> None:
    ada = LedgerMember(auth, "Ada")
    made = make_token(ada).body
    access = exchange(auth, made["token"]).body["access_token"]
    assert ada.request("DELETE", f"{TOKENS}/{made['id']}").status == 204

    assert auth.get("/api/v1/auth/me", access).status == 401


def test_the_gateway_lets_a_token_ask_who_it_is_and_refuses_it_after_a_reset(
    auth: Auth, mailbox: Mailbox, shared_redis: RedisServer
) -> None:
    ada = LedgerMember(auth, "Ada")
    token = make_token(ada).body["token"]
    with gateway_with_auth(auth, shared_redis.url) as gateway:
        program = Client(gateway.url, token)
        assert program.get("/api/v1/auth/me").json["email"] == ada.email
        assert program.get("/api/v1/expenses").status == 200

        assert reset_by_mail(auth, mailbox, ada.email).status == 204

        until(lambda: program.get("/api/v1/expenses").status == 401, what="the program to be refused")
        assert program.get("/api/v1/auth/me").status == 401


def test_a_reset_by_link_ends_sessions_tokens_and_open_invitations(auth: Auth, mailbox: Mailbox) -> None:
    ada, bob = LedgerMember(auth, "Ada"), LedgerMember(auth, "Bob")
    made = make_token(ada).body
    invitation = ada.invite(ada.make_ledger())
    before = head_of_identity(auth)

    assert reset_by_mail(auth, mailbox, ada.email).status == 204

    ended = [
        account for kind, account, _, after in identity_changes(auth, before) if kind == "session" and after is None
    ]
    assert ended == [ada.id, ada.id], "the session and the token, in one entry that every gateway reads"
    assert exchange(auth, made["token"]).status == 401
    assert ada.request("GET", "/auth/me").status == 401
    assert bob.accept(invitation).status == 404


@pytest.mark.parametrize(
    ("revoke", "left"), [({}, 200), ({"revoke_tokens": False}, 200), ({"revoke_tokens": True}, 401)]
)
def test_a_new_password_ends_tokens_where_that_is_asked_for(auth: Auth, revoke: dict[str, bool], left: int) -> None:
    ada, bob = LedgerMember(auth, "Ada"), LedgerMember(auth, "Bob")
    token, his = (make_token(one).body["token"] for one in (ada, bob))

    changed = ada.request("POST", "/auth/password", {"current": PASSWORD, "new": NEW, **revoke})

    assert changed.status == 204
    assert (exchange(auth, token).status, exchange(auth, his).status) == (left, 200)
    assert ada.request("GET", "/auth/me").status == 200


@pytest.mark.parametrize(("query", "left"), [("", 200), ("?tokens=revoke", 401), ("?keep=current&tokens=revoke", 401)])
def test_signing_out_everywhere_ends_tokens_where_that_is_asked_for(auth: Auth, query: str, left: int) -> None:
    ada = LedgerMember(auth, "Ada")
    token = make_token(ada).body["token"]

    assert ada.request("DELETE", f"/auth/sessions{query}").status == 204

    assert exchange(auth, token).status == left


@pytest.mark.parametrize(("password", "status"), [(None, 422), ("not that one", 422), (PASSWORD, 201)])
def test_a_token_needs_the_password(auth: Auth, password: str | None, status: int) -> None:
    ada = LedgerMember(auth, "Ada")
    body = {"name": "a program", "scopes": ["read"]} | ({} if password is None else {"password": password})

    answer = ada.request("POST", TOKENS, body)

    assert answer.status == status
    assert status == 201 or answer.bad_fields == {"/password"}
    assert len(ada.request("GET", TOKENS).body["items"]) == (1 if status == 201 else 0)


@pytest.mark.parametrize(("password", "status"), [(None, 422), ("not that one", 422), (PASSWORD, 202)])
def test_deleting_a_ledger_needs_the_password(auth: Auth, password: str | None, status: int) -> None:
    ada = LedgerMember(auth, "Ada")
    ledger = ada.make_ledger()

    answer = ada.request("DELETE", f"/ledgers/{ledger}", {} if password is None else {"password": password})

    assert answer.status == status
    assert status == 202 or answer.bad_fields == {"/password"}
    assert (ledger in ada.refresh()) == (status != 202)


def test_guessing_the_password_of_an_open_session_is_slowed_down(auth: Auth) -> None:
    ada = LedgerMember(auth, "Ada")
    ledger = ada.make_ledger()

    guesses = [ada.request("DELETE", f"/ledgers/{ledger}", {"password": f"guess {number}"}) for number in range(12)]

    assert {answer.status for answer in guesses} == {422, 429}
    assert make_token(ada).status == 429, "one count for all that ask for the password"
