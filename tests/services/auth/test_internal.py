import secrets
from uuid import uuid4

import pytest

from tests.support.auth import Auth
from tests.support.auth import service_token as token


def test_the_book_learns_a_new_ledgers_settings(auth: Auth) -> None:
    user = auth.register(currency="JPY", time_zone="Asia/Tokyo", locale="ja-JP").body["user"]

    answer = auth.get(f"/internal/ledgers/{user['id']}", token())

    assert answer.status == 200
    assert answer.body == {"id": user["id"], "currency": "JPY", "time_zone": "Asia/Tokyo", "locale": "ja-JP"}


def test_an_unknown_ledger_is_not_found(auth: Auth) -> None:
    unknown, malformed = auth.get(f"/internal/ledgers/{uuid4()}", token()), auth.get("/internal/ledgers/x", token())

    assert (unknown.status, malformed.status) == (404, 404)
    assert unknown.body == malformed.body


@pytest.mark.parametrize(
    "forged",
    [token("insights"), token(callee="insights"), token(key=secrets.token_hex(32)), "nonsense"],
    ids=["no pair", "another callee", "another key", "no token"],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_only_the_book_may_ask(auth: Auth, forged: str) -> None:
    user = auth.register().body["user"]

    assert auth.get(f"/internal/ledgers/{user['id']}", forged).status == 401
    assert auth.call("GET", f"/internal/ledgers/{user['id']}").status == 401


def test_a_person_may_not_ask_there_nor_a_service_elsewhere(auth: Auth) -> None:
    answer = auth.register()

    assert auth.get(f"/internal/ledgers/{answer.body['user']['id']}", answer.access).status == 401
    assert auth.get("/api/v1/auth/me", token()).status == 401
