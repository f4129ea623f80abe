"""Services that are away, processes that die, orders that come twice, writes that come late."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import urllib3

from chassis.database.engine import Database
from chassis.errors import NotFound, Unavailable
from chassis.journal.feed import ServiceClient
from chassis.projections.checkpoints import CLOSED
from chassis.security.service_tokens import ServiceTokens
from contracts.erasure import ErasureOrder, ErasureResult
from contracts.ids import LedgerId, UserId
from contracts.journal import StreamMessage
from deploy.local.ports import free_port
from deploy.local.workshop import ROOT
from services.auth.erasure import sweep
from services.auth.identity.tables import ErasureRow
from services.auth.settings import Settings
from services.insights.components import build
from services.insights.projections.checkpoints import CHECKPOINTS
from tests.support.all_services import AllServices, SignedInUser, all_services
from tests.support.auth import PASSWORD, Auth, concurrently, running_auth
from tests.support.client import Client
from tests.support.databases import Databases
from tests.support.redis import RedisServer
from tests.support.waiting import until

NOWHERE = {"expenses_url": "http://127.0.0.1:1", "insights_url": "http://127.0.0.1:1"}


@pytest.fixture(scope="module")
def a_town(databases: Databases, shared_redis: RedisServer) -> Iterator[AllServices]:
    """Whose auth does not find the others."""
    with all_services(databases, shared_redis.url, **NOWHERE) as running_town:
        yield running_town


@pytest.fixture
def ada(a_town: AllServices) -> SignedInUser:
    person = a_town.new_user("Ada")
    person.spend(person.id)
    assert person.total(person.id) == "12.50"
    return person


def service(a_town: AllServices, name: str) -> ServiceClient:
    """The way that auth's sweep goes."""
    url = {"expenses": a_town.expenses, "insights": a_town.insights}[name]
    return ServiceClient(url, name, ServiceTokens("auth", a_town.auth_settings.service_keys))


def send(a_town: AllServices, name: str, order: ErasureOrder) -> dict[str, int]:
    return dict(service(a_town, name).post("/internal/erasures", order, ErasureResult, timeout=30).deleted)


def order_of(person: SignedInUser) -> ErasureOrder:
    return ErasureOrder(receipt=uuid4(), account=UserId(UUID(person.id)), ledgers=(LedgerId(UUID(person.id)),))


def erase(person: SignedInUser) -> str:
    receipt: str = person.request("POST", "/auth/erase", {"password": PASSWORD}).body["receipt"]
    return receipt


def mended(a_town: AllServices) -> Settings:
    """What auth is told where it finds the others."""
    return a_town.auth_settings.model_copy(update={"expenses_url": a_town.expenses, "insights_url": a_town.insights})


def test_services_that_are_away_are_told_when_they_are_back(a_town: AllServices, ada: SignedInUser) -> None:
    receipt = erase(ada)

    def confirmed() -> dict[str, Any]:
        return {part["service"]: part["confirmed_at"] for part in a_town.receipt(receipt)["parts"]}

    until(lambda: confirmed()["auth"], what="auth to take it out of its own file")
    told = confirmed()
    assert (told["expenses"], told["insights"], a_town.receipt(receipt)["finished_at"]) == (None, None, None)
    assert a_town.auth.login(ada.email).status == 401, "a user who leaves does not wait for them"

    with running_auth(mended(a_town)):
        deleted = a_town.finished(receipt)

    assert (deleted["expenses"]["expenses"], deleted["insights"]["payments"]) == (1, 1)


def test_a_service_that_is_away_keeps_no_order_from_another(
    a_town: AllServices, ada: SignedInUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "BATCH_SIZE", 3)
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    waiting = [ErasureRow(receipt=uuid4(), service="insights", ledgers=[], asked_at=long_ago) for _ in range(3)]
    database = Database(a_town.auth_settings.database_url)
    with database.write() as session:
        session.add_all(waiting)
    database.close()
    receipt = erase(ada)

    def told() -> object:
        return {part["service"]: part["confirmed_at"] for part in a_town.receipt(receipt)["parts"]}["expenses"]

    with running_auth(a_town.auth_settings.model_copy(update={"expenses_url": a_town.expenses})):
        until(told, what="the book to be told")


def environment(told: Settings, **more: str) -> dict[str, str]:
    keys = {pair: key.get_secret_value() for pair, key in told.service_keys.items()}
    return os.environ | {
        "DATABASE_URL": told.database_url.get_secret_value(),
        "REDIS_URL": told.redis_url.get_secret_value(),
        "JWKS_URL": told.jwks_url,
        "SERVICE_KEYS": str(keys).replace("'", '"'),
        "OUTLAY_PUBLIC_URL": told.outlay_public_url,
        "OUTLAY_SECRET_KEY": told.outlay_secret_key.get_secret_value(),
        "EXPENSES_URL": told.expenses_url,
        "INSIGHTS_URL": told.insights_url,
        "LOG_LEVEL": "ERROR",
        **more,
    }


def test_a_killed_auth_goes_on_when_it_is_started_again(a_town: AllServices, ada: SignedInUser) -> None:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "services.auth.app:create", "--factory", "--port", str(port)]
    # It reaches the book, and never insights.
    half = environment(a_town.auth_settings, EXPENSES_URL=a_town.expenses)
    with subprocess.Popen([*command, "--log-level", "error"], cwd=ROOT, env=half) as process:
        auth, client = (
            Auth(f"http://127.0.0.1:{port}", a_town.auth_settings.cookies),
            Client(f"http://127.0.0.1:{port}"),
        )
        until(lambda: answers(client), what="auth to start")
        bearer = {"Authorization": f"Bearer {ada.access}"}
        receipt = auth.call("POST", "/api/v1/auth/erase", {"password": PASSWORD}, **bearer).body["receipt"]
        process.send_signal(signal.SIGKILL)

    with running_auth(mended(a_town)):
        deleted = a_town.finished(receipt)

    assert (deleted["expenses"]["expenses"], deleted["insights"]["payments"]) == (1, 1)


def answers(client: Client) -> bool:
    try:
        return client.get("/readyz").status == 200
    except urllib3.exceptions.HTTPError:
        return False


@pytest.mark.parametrize("name", ["expenses", "insights"])
def test_the_same_order_twice_has_the_same_answer(a_town: AllServices, ada: SignedInUser, name: str) -> None:
    order = order_of(ada)
    first, *others = concurrently(*[lambda: send(a_town, name, order)] * 3)
    assert others == [first, first]
    assert send(a_town, name, order) == first
    assert first["expenses" if name == "expenses" else "payments"] == 1


def test_late_writes_and_reads_find_no_ledger_and_auth_is_not_asked(a_town: AllServices, ada: SignedInUser) -> None:
    send(a_town, "expenses", order_of(ada))  # auth still has it, and would tell its settings
    expense = {"amount": "1", "category": "Food"}
    late = [
        ada.book.post("/api/v1/expenses", expense),
        ada.book.get("/api/v1/expenses"),
        ada.book.get("/api/v1/journal"),
        ada.book.get("/api/v1/ledger"),
        ada.book.get("/api/v1/export"),
    ]
    assert [got.status for got in late] == [404] * 5
    with pytest.raises(NotFound):
        service_of_insights(a_town).get(f"/internal/journal/{ada.id}", ErasureResult)


def service_of_insights(a_town: AllServices) -> ServiceClient:
    return ServiceClient(a_town.expenses, "expenses", ServiceTokens("insights", a_town.auth_settings.service_keys))


def test_a_ledger_that_was_never_opened_is_closed_too(a_town: AllServices) -> None:
    new = a_town.new_user("Eve")
    assert send(a_town, "expenses", order_of(new))["journal"] == 0
    assert new.book.post("/api/v1/expenses", {"amount": "1", "category": "Food"}).status == 404


def test_writes_that_race_with_the_erasure_leave_nothing(a_town: AllServices, ada: SignedInUser) -> None:
    written = threading.Event()

    def write() -> set[int]:
        statuses = set()
        while True:
            got = ada.book.post("/api/v1/expenses", {"amount": "1", "category": f"new {uuid4()}"})
            statuses.add(got.status)
            written.set()
            if got.status == 404:
                return statuses

    def order() -> set[int]:
        written.wait(30)
        send(a_town, "expenses", order_of(ada))
        return set()

    assert set().union(*concurrently(write, write, order)) == {201, 404}
    again = send(a_town, "expenses", order_of(ada))
    assert set(again.values()) == {0}


def test_nothing_that_insights_does_later_brings_a_ledger_back(a_town: AllServices, ada: SignedInUser) -> None:
    ledger = LedgerId(UUID(ada.id))
    database = Database(a_town.insights_settings.database_url)
    parts = build(a_town.insights_settings, database)
    send(a_town, "insights", order_of(ada))  # the book has not closed it yet
    ada.spend(ada.id)

    parts.reader.apply_messages([StreamMessage(ledger=ledger, revision=3)])
    parts.sweep.run()
    with pytest.raises(NotFound):
        parts.rebuild.run(ledger)
    rebuilt, audited = parts.rebuild.outdated(1000), parts.audit.due(1000)
    with database.snapshot() as session:
        at = CHECKPOINTS.of(session, [ledger])[ledger]
    database.close()

    assert at == CLOSED
    assert ledger not in {*rebuilt, *audited}
    reads = [ada.totals.get(f"/api/v1/{path}") for path in ("summary", "trends", "insights")]
    assert [got.status for got in reads] == [404] * 3
    assert ada.totals.post("/api/v1/insights/refresh", {}).status == 404


def test_only_auth_orders(a_town: AllServices, ada: SignedInUser) -> None:
    tokens = ServiceTokens("insights", a_town.auth_settings.service_keys)
    stranger = ServiceClient(a_town.expenses, "expenses", tokens)
    with pytest.raises(Unavailable):
        stranger.post("/internal/erasures", order_of(ada), ErasureResult, timeout=5)
    assert Client(a_town.expenses, ada.access).post("/internal/erasures", {}).status == 401
    assert ada.book.get("/api/v1/expenses").status == 200
