"""Programs have tokens of their own: random, shown once, good for what they were made for, and ended at once."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import jwt
import pytest
import sqlalchemy as sa

from chassis.database.engine import Database
from contracts.journal import FeedPage
from services.auth.identity.tables import ApiTokenRow
from services.auth.settings import Settings
from tests.support.auth import PASSWORD, Auth, AuthResponse, MovableClock, service_token

TOKENS = "/api/v1/auth/tokens"


@pytest.fixture(autouse=True)
def _on_time(clock: MovableClock) -> Iterator[None]:
    yield
    clock.back()


def create(auth: Auth, access: str, **different: Any) -> AuthResponse:
    body = {"name": "Bank import", "scopes": ["import"], "password": PASSWORD} | different
    return auth.call("POST", TOKENS, body, Authorization=f"Bearer {access}")


def exchange(auth: Auth, token: str, caller: str = "gateway") -> AuthResponse:
    headers = {"Authorization": f"Bearer {service_token(caller)}"}
    return auth.call("POST", "/internal/token-exchange", {"token": token}, **headers)


def revoke(auth: Auth, id_: str, access: str) -> AuthResponse:
    return auth.call("DELETE", f"{TOKENS}/{id_}", Authorization=f"Bearer {access}")


def claims_of(answer: AuthResponse) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(answer.body["access_token"], options={"verify_signature": False})
    return found


def test_a_token_is_traded_for_a_short_one_with_its_scopes_alone(auth: Auth) -> None:
    ada = auth.register()
    made = create(auth, ada.access, scopes=["write", "read", "write"])
    assert made.status == 201
    assert made.body["scopes"] == ["read", "write"]

    traded = exchange(auth, made.body["token"])
    claims = claims_of(traded)

    assert traded.body["expires_in"] == 600
    assert claims["exp"] - claims["iat"] == 600
    assert claims["scope"] == "read write"
    assert claims["sid"] == made.body["id"]
    assert claims["ledgers"] == {ada.body["user"]["id"]: "owner"}


def test_the_token_is_shown_once_and_stored_as_a_hash(auth: Auth, told: Settings) -> None:
    ada = auth.register()
    token = create(auth, ada.access).body["token"]
    assert token.startswith("outlay_pat_")
    assert len(token) == len("outlay_pat_") + 43

    [listed] = auth.get(TOKENS, ada.access).body["items"]
    database = Database(told.database_url)
    with database.snapshot() as session:
        row = session.scalars(sa.select(ApiTokenRow).where(ApiTokenRow.prefix == listed["prefix"])).one()
        stored = repr([getattr(row, column.key) for column in sa.inspect(ApiTokenRow).columns])
    database.close()

    assert "token" not in listed
    assert token.startswith(listed["prefix"])
    assert token.removeprefix(listed["prefix"]) not in stored


def test_its_last_use_is_noted_at_most_once_a_minute(auth: Auth, clock: MovableClock) -> None:
    ada = auth.register()
    token = create(auth, ada.access).body["token"]

    def used() -> Any:
        return auth.get(TOKENS, ada.access).body["items"][0]["used_at"]

    assert used() is None
    exchange(auth, token)
    first = used()
    assert first is not None
    exchange(auth, token)
    assert used() == first
    clock.forward(seconds=61)
    exchange(auth, token)
    assert used() > first


def test_an_expired_token_is_refused_and_no_access_token_outlives_it(auth: Auth, clock: MovableClock) -> None:
    token = create(auth, auth.register().access, expires_in_days=1).body["token"]
    clock.forward(days=1, minutes=-4)
    last = exchange(auth, token)
    assert 0 < last.body["expires_in"] <= 240
    clock.forward(minutes=5)
    assert exchange(auth, token).status == 401


def test_a_revoked_token_is_refused_and_every_gateway_is_told(auth: Auth) -> None:
    ada = auth.register()
    made = create(auth, ada.access).body
    head = auth.get("/internal/identity", service_token("gateway")).body["head"]

    assert revoke(auth, made["id"], ada.access).status == 204

    assert exchange(auth, made["token"]).status == 401
    assert auth.get(TOKENS, ada.access).body["items"] == []
    page = FeedPage.model_validate(auth.get(f"/internal/identity?after={head}", service_token("gateway")).body)
    [pair] = page.entries[0].pairs
    assert (pair.kind, str(pair.id), pair.after) == ("session", made["id"], None)


@pytest.mark.parametrize("token", ["", "nonsense", "outlay_pat_", "outlay_pat_" + "A" * 43, "outlay_pat_" + "ä" * 43])
def test_what_never_was_a_token_is_refused(auth: Auth, token: str) -> None:
    assert exchange(auth, token).status == 401


def test_only_the_gateway_trades(auth: Auth) -> None:
    ada = auth.register()
    token = create(auth, ada.access).body["token"]
    assert exchange(auth, token, "expenses").status == 401
    assert auth.call("POST", "/internal/token-exchange", {"token": token}).status == 401


def test_a_program_makes_lists_and_revokes_no_tokens(auth: Auth) -> None:
    ada = auth.register()
    made = create(auth, ada.access, scopes=["read", "write", "import"]).body
    access = exchange(auth, made["token"]).body["access_token"]

    refused = [create(auth, access), auth.get(TOKENS, access), revoke(auth, made["id"], access)]

    assert [answer.status for answer in refused] == [403, 403, 403]
    assert create(auth, ada.access, scopes=["account"]).status == 422


def test_a_program_that_may_read_sees_ledgers_and_who_is_in_them(auth: Auth) -> None:
    ada = auth.register(name="Ada")
    members = f"/api/v1/ledgers/{ada.body['user']['id']}/members"
    tokens = {scope: create(auth, ada.access, scopes=[scope]).body for scope in ("read", "import")}
    reads, imports = (exchange(auth, made["token"]).body["access_token"] for made in tokens.values())

    assert [item["name"] for item in auth.get("/api/v1/ledgers", reads).body["items"]] == ["Personal"]
    assert [item["name"] for item in auth.get(members, reads).body["items"]] == ["Ada"]
    assert [auth.get(path, imports).status for path in ("/api/v1/ledgers", members)] == [403, 403]
    revoke(auth, tokens["read"]["id"], ada.access)
    assert auth.get(members, reads).status == 401


def test_no_user_sees_or_revokes_the_tokens_of_others(auth: Auth) -> None:
    ada, bob = auth.register(), auth.register()
    made = create(auth, ada.access).body

    foreign, unknown = revoke(auth, made["id"], bob.access), revoke(auth, str(uuid4()), bob.access)

    assert auth.get(TOKENS, bob.access).body["items"] == []
    assert (foreign.status, foreign.body) == (404, unknown.body)
    assert exchange(auth, made["token"]).status == 200


def test_fifty_are_enough(auth: Auth) -> None:
    ada = auth.register()
    assert {create(auth, ada.access).status for _ in range(50)} == {201}
    refused = create(auth, ada.access)
    assert (refused.status, refused.body["detail"][:11]) == (409, "You have 50")


@pytest.mark.parametrize(
    ("different", "field"),
    [({"name": " "}, "/name"), ({"scopes": []}, "/scopes"), ({"expires_in_days": 0}, "/expires_in_days")],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_cannot_be_made_says_why(auth: Auth, different: dict[str, Any], field: str) -> None:
    answer = create(auth, auth.register().access, **different)
    assert (answer.status, answer.bad_fields) == (422, {field})
