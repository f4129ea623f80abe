"""Real responses of the API, as `tests/golden/responses/` records them. The web app's tests parse the same files.

`WRITE_GOLDEN=1 make test TESTS=tests/test_golden_responses.py` writes them anew after a change that was meant.
"""

import datetime as dt
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from chassis.database.engine import Database
from contracts.ids import LedgerId
from services.insights.insights.runner import InsightRunner
from tests.support.all_services import AllServices, SignedInUser, all_services
from tests.support.databases import Databases
from tests.support.redis import RedisServer

FOLDER = Path(__file__).parent / "golden" / "responses"
NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
"""Insights of that day; the service, whose clock is the real one, calls them `updating`."""
NOVEMBER = "from=2026-11-01&to=2026-11-30"
RESPONSES = {
    "me": "auth /auth/me",
    "expenses": "expenses /expenses?limit=3",
    "categories": "expenses /categories",
    "journal": "expenses /journal",
    "summary": f"insights /summary?{NOVEMBER}",
    "trends": f"insights /trends?{NOVEMBER}&by=week",
    "insights": "insights /insights",
}
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
OPAQUE = re.compile(r'("(?:next_cursor|request_id)": )"[^"]+"')
MOMENT = re.compile(r'"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)"')


@pytest.fixture(scope="module")
def services(databases: Databases, shared_redis: RedisServer) -> Iterator[AllServices]:
    with all_services(databases, shared_redis.url) as running:
        yield running


@pytest.fixture(scope="module")
def ada(services: AllServices) -> SignedInUser:
    """A user with two months of payments, a correction, a deletion, an undo, and insights."""
    ada = services.new_user("Ada")
    ada.spend(ada.id, "40.00", spent_on="2026-10-05", category="Rent")
    ada.spend(ada.id, "30.00", spent_on="2026-11-05", category="Rent", merchant="Landlord", note="for November")
    ada.spend(ada.id, "99", spent_on="2026-11-06", currency="USD", tags=["trip"])
    bread = ada.spend(ada.id, "4.50", spent_on="2026-11-07", merchant="Corner Shop")
    milk = ada.spend(ada.id, "1.20", spent_on="2026-11-08")
    assert ada.book.patch(f"/api/v1/expenses/{bread['id']}", {"amount": "4.75", "note": "rye"}).status == 200
    deleted = ada.book.delete(f"/api/v1/expenses/{milk['id']}")
    assert ada.book.post(f"/api/v1/journal/{deleted.headers['Outlay-Action']}/undo", {}).status == 201
    assert ada.total(ada.id)
    database = Database(services.insights_settings.database_url, durable=False)
    assert InsightRunner(database, None, lambda *_: None, lambda: NOON).run(LedgerId(UUID(ada.id))) == "done"
    database.close()
    return ada


def body_of(ada: SignedInUser, call: str) -> Any:
    service, path = call.split()
    if service == "auth":
        return ada.request("GET", path).body
    client = ada.book if service == "expenses" else ada.totals
    return client.get(f"/api/v1{path}").json


def normalized(body: Any, email: str) -> str:
    """Ids by the order in which they occur, one moment for all, and nothing that is opaque to clients."""
    text = json.dumps(body, indent=2, ensure_ascii=False).replace(email, "ada@outlay.example")
    for number, id_ in enumerate(dict.fromkeys(ID.findall(text)), 1):
        text = text.replace(id_, f"0198f000-0000-7000-8000-{number:012}")
    return MOMENT.sub('"2026-11-22T12:00:00Z"', OPAQUE.sub(r'\1"opaque"', text)) + "\n"


@pytest.mark.parametrize("name", RESPONSES)
def test_a_response_is_the_one_that_was_recorded(ada: SignedInUser, name: str) -> None:
    file = FOLDER / f"{name}.json"
    response = normalized(body_of(ada, RESPONSES[name]), ada.email)
    if os.environ.get("WRITE_GOLDEN"):
        file.write_text(response, "utf-8")

    assert response == file.read_text("utf-8")


def test_every_recorded_response_is_compared() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == RESPONSES.keys()
