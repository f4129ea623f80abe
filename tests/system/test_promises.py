"""The whole system, run as `make run` runs it, seen through the gateway alone."""

import os
import random
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from urllib3.exceptions import HTTPError

from tests.support.client import ApiResponse, Client
from tests.support.stack import Stack
from tests.support.waiting import until

pytestmark = pytest.mark.stack
YEAR = "/api/v1/summary?from=2026-01-01&to=2026-12-31"


def sign_up(base_url: str, currency: str = "EUR") -> Client:
    client = Client(base_url)
    response = client.post(
        "/api/v1/auth/register",
        {"email": f"{uuid4().hex}@outlay.example", "password": "a calm river at dawn", "currency": currency},
    )
    assert response.status == 201, response.body
    client.token = response.json["access_token"]
    return client


@pytest.fixture
def user(stack: Stack) -> Client:
    return sign_up(stack.base_url)


def summary(client: Client, write: ApiResponse | None = None) -> ApiResponse:
    more = {"Outlay_Min_Revision": write.headers["outlay-revision"]} if write else {}
    response = client.get(YEAR, **more)
    assert response.status == 200, response.body
    return response


def record(client: Client, amount: str, **more: str) -> ApiResponse:
    response = client.post("/api/v1/expenses", {"amount": amount, "category": "Food", "spent_on": "2026-03-03", **more})
    assert response.status == 201, response.body
    return response


def test_record_three_correct_one_remove_one(user: Client) -> None:
    first, second, third = (record(user, amount) for amount in ("10", "20.50", "30"))
    assert summary(user, third).json["total"] == "60.50"
    corrected = user.patch(f"/api/v1/expenses/{second.json['id']}", {"amount": "21"})
    assert summary(user, corrected).json["total"] == "61.00"
    removed = user.delete(f"/api/v1/expenses/{first.json['id']}")
    seen = summary(user, removed)
    assert (seen.json["total"], seen.json["count"]) == ("51.00", 2)
    again = summary(user, removed)
    assert again.headers["cache-status"] == "outlay; hit"
    assert again.body == seen.body
    assert user.get(YEAR, If_None_Match=again.headers["etag"]).status == 304


def test_two_hundred_writes_each_seen_at_once(stack: Stack) -> None:
    """As many clients as a household has, on one ledger; each reads its own write, exactly, every time."""
    owner = sign_up(stack.base_url)

    def work(seed: int) -> None:
        client, chance, last = Client(stack.base_url, owner.token), random.Random(seed), 0
        for _ in range(50):
            response = record(client, str(chance.randint(1, 999)))
            if chance.random() < 0.3:
                response = client.patch(f"/api/v1/expenses/{response.json['id']}", {"amount": "5"})
            seen = summary(client, response)
            assert seen.revision >= max(response.revision, last)
            last = seen.revision

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    seen = summary(owner).json
    listed = owner.get("/api/v1/expenses?limit=500").json["items"]
    assert (Decimal(seen["total"]), seen["count"]) == (sum(Decimal(item["amount"]) for item in listed), 200)


def test_a_stranger_sees_nothing(stack: Stack, user: Client) -> None:
    expense = record(user, "10")
    ledger = user.get("/api/v1/ledger").json["id"]
    stranger = sign_up(stack.base_url)
    unknown = stranger.get(f"/api/v1/expenses/{uuid4()}")
    for response in (
        stranger.get(f"/api/v1/expenses/{expense.json['id']}"),
        stranger.get(f"{YEAR}&ledger={ledger}"),
        stranger.get(f"/api/v1/expenses?ledger={ledger}"),
        stranger.get(f"/api/v1/insights?ledger={ledger}"),
        stranger.get(f"/api/v1/live?ledger={ledger}"),
        stranger.get(f"/internal/journal/{ledger}"),
    ):
        assert (response.status, response.body) == (404, unknown.body)


def test_a_banks_rows_come_to_the_banks_sum(stack: Stack) -> None:
    """Three payments and a deposit of August 2022, as a statement has them: money out is positive."""
    client = sign_up(stack.base_url, "USD")
    rows = [("-20.00", "2022-08-17"), ("103.00", "2022-08-14"), ("75.00", "2022-08-09"), ("57.27", "2022-08-04")]
    response = None
    for amount, day in rows:
        response = record(client, amount, spent_on=day)
    assert response
    seen = client.get("/api/v1/summary?from=2022-08-01&to=2022-08-31", Outlay_Min_Revision=str(response.revision)).json
    assert (seen["currency"], seen["total"], seen["count"]) == ("USD", "215.27", 4)


def test_the_first_insights_are_computed_by_the_worker(user: Client) -> None:
    assert user.get("/api/v1/insights").json["status"] in {"none", "updating", "current"}
    today = user.post("/api/v1/expenses", {"amount": "42", "category": "Books"})

    def current() -> list[dict[str, str]]:
        found = user.get("/api/v1/insights", Outlay_Min_Revision=str(today.revision)).json
        items: list[dict[str, str]] = found["items"]
        return items if found["status"] == "current" and found["revision"] >= today.revision else []

    items = until(current, what="insights at the newest revision")
    assert "Books" in items[0]["text"]
    assert "42" in items[0]["text"] or "100" in items[0]["text"]


@pytest.fixture(scope="module")
def breakable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Client]]:
    """A stack to break, and a user who was signed in before."""
    with Stack(tmp_path_factory.mktemp("broken") / "home") as running:
        yield running, sign_up(running.base_url)


@pytest.mark.parametrize("name", ["redis", "auth", "expenses", "insights", "gateway", "consumer", "worker"])
def test_whatever_is_killed_comes_back_and_nothing_is_lost(breakable: tuple[Stack, Client], name: str) -> None:
    stack, user = breakable
    before = summary(user).json["count"]
    killed = stack.processes()[name]
    os.kill(killed, signal.SIGKILL)
    until(lambda: stack.processes().get(name) not in {None, killed}, what=f"{name} to come back")
    body = {"amount": "5", "category": "Food", "spent_on": "2026-03-03"}
    headers = {"Idempotency_Key": uuid4().hex}  # so that it may be sent again, whether or not it was stored
    written = until(lambda: _good(lambda: user.post("/api/v1/expenses", body, **headers)), what="a write")[0]
    wanted = {"Outlay_Min_Revision": written.headers["outlay-revision"]}
    seen = until(lambda: _good(lambda: user.get(YEAR, **wanted)), what="a read")[0]
    assert seen.json["count"] == before + 1


def _good(call: Callable[[], ApiResponse]) -> list[ApiResponse]:
    try:
        response = call()
    except HTTPError:
        return []
    return [response] if response.status < 300 else []


def test_after_a_restart_all_is_there(tmp_path: Path) -> None:
    stack = Stack(tmp_path / "home")
    with stack:
        user = sign_up(stack.base_url)
        written = record(user, "12.50")
        before = summary(user, written).json
    with stack:
        assert summary(user, written).json == before
        assert user.get(f"/api/v1/expenses/{written.json['id']}").json == written.json
