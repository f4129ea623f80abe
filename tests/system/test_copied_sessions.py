"""A copied refresh token is noticed by the whole system: a gateway sees its successor in use, and says so to auth."""

import pytest

from chassis.database.engine import Database
from contracts.cookies import session_cookies
from services.auth.identity.tables import SessionRow
from tests.support.client import ApiResponse, Client
from tests.support.sessions import let_time_pass
from tests.support.stack import Stack
from tests.support.waiting import until

pytestmark = pytest.mark.stack


def token_of(stack: Stack, answer: ApiResponse) -> str:
    """The refresh token that an answer sets."""
    name = session_cookies(stack.base_url).refresh
    [line] = [one for one in answer.headers.getlist("set-cookie") if one.startswith(name)]
    return line.partition("=")[2].partition(";")[0]


def refresh(stack: Stack, token: str) -> ApiResponse:
    name = session_cookies(stack.base_url).refresh
    return Client(stack.base_url).call("POST", "/api/v1/auth/refresh", Cookie=f"{name}={token}")


def is_confirmed(database: Database, token: str) -> bool:
    with database.snapshot() as session:
        rows = session.query(SessionRow).filter(SessionRow.confirmed_at.is_not(None))
        return token.partition(".")[0] in {row.id.hex for row in rows}


def test_a_predecessor_is_good_until_its_successor_is_used_and_then_ends_the_session(
    stack: Stack, auth_database: Database
) -> None:
    body = {"email": "copied@example.com", "password": "a long walk by the sea"}
    first = token_of(stack, Client(stack.base_url).post("/api/v1/auth/register", body))
    let_time_pass(auth_database)
    lost = refresh(stack, first)
    let_time_pass(auth_database)
    arrived = refresh(stack, first)
    assert (arrived.status, token_of(stack, arrived)) == (200, token_of(stack, lost))

    assert Client(stack.base_url, arrived.json["access_token"]).get("/api/v1/expenses").status == 200
    until(lambda: is_confirmed(auth_database, first), what="auth to hear that the successor is used")
    let_time_pass(auth_database)

    assert refresh(stack, first).status == 401
    assert refresh(stack, token_of(stack, arrived)).status == 401
