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
def services(databases: Databases, shared_redis: RedisServer) -> Iterator[AllServices]:
    """Whose auth does not find the others."""
    with all_services(databases, shared_redis.url, **NOWHERE) as services:
        yield services


@pytest.fixture
def ada(services: AllServices) -> SignedInUser:
    user = services.new_user("Ada")
    user.spend(user.id)
    assert user.total(user.id) == "12.50"
    return user


def service(services: AllServices, name: str) -> ServiceClient:
    """The way that auth's sweep goes."""
    url = {"expenses": services.expenses, "insights": services.insights}[name]
    return ServiceClient(url, name, ServiceTokens("auth", services.auth_settings.service_keys))


def send(services: AllServices, name: str, order: ErasureOrder) -> dict[str, int]:
    return dict(service(services, name).post("/internal/erasures", order, ErasureResult, timeout=30).deleted)


def order_of(user: SignedInUser) -> ErasureOrder:
    return ErasureOrder(receipt=uuid4(), account=UserId(UUID(user.id)), ledgers=(LedgerId(UUID(user.id)),))


def erase(user: SignedInUser) -> str:
    receipt: str = user.request("POST", "/auth/erase", {"password": PASSWORD}).body["receipt"]
    return receipt


def mended(services: AllServices) -> Settings:
    """What auth is told where it finds the others."""
    return services.auth_settings.model_copy(
        update={"expenses_url": services.expenses, "insights_url": services.insights}
    )


def test_services_that_are_away_are_told_when_they_are_back(services: AllServices, ada: SignedInUser) -> None:
    receipt = erase(ada)

    def confirmed() -> dict[str, Any]:
        return {part["service"]: part["confirmed_at"] for part in services.receipt(receipt)["parts"]}

    until(lambda: confirmed()["auth"], what="auth to take it out of its own file")
    told = confirmed()
    assert (told["expenses"], told["insights"], services.receipt(receipt)["finished_at"]) == (None, None, None)
    assert services.auth.login(ada.email).status == 401, "a user who leaves does not wait for them"

    with running_auth(mended(services)):
        deleted = services.finished(receipt)

    assert (deleted["expenses"]["expenses"], deleted["insights"]["payments"]) == (1, 1)


def test_a_service_that_is_away_keeps_no_order_from_another(
    services: AllServices, ada: SignedInUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "BATCH_SIZE", 3)
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    waiting = [ErasureRow(receipt=uuid4(), service="insights", ledgers=[], asked_at=long_ago) for _ in range(3)]
    database = Database(services.auth_settings.database_url)
    with database.write() as session:
        session.add_all(waiting)
    database.close()
    receipt = erase(ada)

    def told() -> object:
        return {part["service"]: part["confirmed_at"] for part in services.receipt(receipt)["parts"]}["expenses"]

    with running_auth(services.auth_settings.model_copy(update={"expenses_url": services.expenses})):
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


def test_a_killed_auth_goes_on_when_it_is_started_again(services: AllServices, ada: SignedInUser) -> None:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "services.auth.app:create", "--factory", "--port", str(port)]
    # It reaches the book, and never insights.
    half = environment(services.auth_settings, EXPENSES_URL=services.expenses)
    with subprocess.Popen([*command, "--log-level", "error"], cwd=ROOT, env=half) as process:
        auth, client = (
            Auth(f"http://127.0.0.1:{port}", services.auth_settings.cookies),
            Client(f"http://127.0.0.1:{port}"),
        )
        until(lambda: answers(client), what="auth to start")
        bearer = {"Authorization": f"Bearer {ada.access}"}
        receipt = auth.call("POST", "/api/v1/auth/erase", {"password": PASSWORD}, **bearer).body["receipt"]
        process.send_signal(signal.SIGKILL)

    with running_auth(mended(services)):
        deleted = services.finished(receipt)

    assert (deleted["expenses"]["expenses"], deleted["insights"]["payments"]) == (1, 1)


def answers(client: Client) -> bool:
    try:
        return client.get("/readyz").status == 200
    except urllib3.exceptions.HTTPError:
        return False


@pytest.mark.parametrize("name", ["expenses", "insights"])
def test_the_same_order_twice_has_the_same_answer(services: AllServices, ada: SignedInUser, name: str) -> None:
    order = order_of(ada)
    first, *others = concurrently(*[lambda: send(services, name, order)] * 3)
    assert others == [first, first]
    assert send(services, name, order) == first
    assert first["expenses" if name == "expenses" else "payments"] == 1


def test_late_writes_and_reads_find_no_ledger_and_auth_is_not_asked(services: AllServices, ada: SignedInUser) -> None:
    send(services, "expenses", order_of(ada))  # auth still has it, and would tell its settings
    expense = {"amount": "1", "category": "Food"}
    late = [
        ada.book.post("/api/v1/expenses", expense),
        ada.book.get("/api/v1/expenses"),
        ada.book.get("/api/v1/journal"),
        ada.book.get("/api/v1/ledger"),
        ada.book.get("/api/v1/export"),
    ]
    assert [response.status for response in late] == [404] * 5
    with pytest.raises(NotFound):
        service_of_insights(services).get(f"/internal/journal/{ada.id}", ErasureResult)


def service_of_insights(services: AllServices) -> ServiceClient:
    return ServiceClient(services.expenses, "expenses", ServiceTokens("insights", services.auth_settings.service_keys))


def test_a_ledger_that_was_never_opened_is_closed_too(services: AllServices) -> None:
    new = services.new_user("Eve")
    assert send(services, "expenses", order_of(new))["journal"] == 0
    assert new.book.post("/api/v1/expenses", {"amount": "1", "category": "Food"}).status == 404


def test_writes_that_race_with_the_erasure_leave_nothing(services: AllServices, ada: SignedInUser) -> None:
    written = threading.Event()

    def write() -> set[int]:
        statuses = set()
        while True:
            response = ada.book.post("/api/v1/expenses", {"amount": "1", "category": f"new {uuid4()}"})
            statuses.add(response.status)
            written.set()
            if response.status == 404:
                return statuses

    def order() -> set[int]:
        written.wait(30)
        send(services, "expenses", order_of(ada))
        return set()

    assert set().union(*concurrently(write, write, order)) == {201, 404}
    again = send(services, "expenses", order_of(ada))
    assert set(again.values()) == {0}


def test_nothing_that_insights_does_later_brings_a_ledger_back(services: AllServices, ada: SignedInUser) -> None:
    ledger = LedgerId(UUID(ada.id))
    database = Database(services.insights_settings.database_url)
    parts = build(services.insights_settings, database)
    send(services, "insights", order_of(ada))  # the book has not closed it yet
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
    assert [response.status for response in reads] == [404] * 3
    assert ada.totals.post("/api/v1/insights/refresh", {}).status == 404


def test_only_auth_orders(services: AllServices, ada: SignedInUser) -> None:
    tokens = ServiceTokens("insights", services.auth_settings.service_keys)
    outsider = ServiceClient(services.expenses, "expenses", tokens)
    with pytest.raises(Unavailable):
        outsider.post("/internal/erasures", order_of(ada), ErasureResult, timeout=5)
    assert Client(services.expenses, ada.access).post("/internal/erasures", {}).status == 401
    assert ada.book.get("/api/v1/expenses").status == 200
