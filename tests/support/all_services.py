"""All three services for real, each of which knows the others; the whole way of a person who comes and goes."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from chassis.database.engine import Database
from deploy.local.ports import free_ports
from services.auth import app as auth_app
from services.auth.settings import Settings as AuthSettings
from services.expenses import app as expenses_app
from services.expenses.settings import Settings as ExpensesSettings
from services.insights import app as insights_app
from services.insights.llm import repository as model_store
from services.insights.settings import ApiSettings as InsightsSettings
from services.insights.tables import ModelCallRow
from tests.support.auth import PASSWORD, Auth, service_token, settings
from tests.support.client import Client
from tests.support.databases import Databases
from tests.support.ledger_member import LedgerMember
from tests.support.serving import serving
from tests.support.waiting import until

PAIRS = ("expenses>auth", "gateway>auth", "insights>expenses", "auth>expenses", "auth>insights")


@dataclass
class AllServices:
    """Where the services are, and what each was told."""

    auth: Auth
    expenses: str
    insights: str
    auth_settings: AuthSettings
    expenses_settings: ExpensesSettings
    insights_settings: InsightsSettings

    def new_user(self, name: str) -> "SignedInUser":
        return SignedInUser(self, name)

    def sign_in_again(self, user: "SignedInUser") -> "SignedInUser":
        """A citizen of a town on the same databases, who signs in here."""
        again = copy(user)
        again.auth, again._services = self.auth, self
        again.sign_in()
        return again

    def key(self, pair: str) -> str:
        """The key between two services, caller first."""
        return self.auth_settings.service_keys[pair].get_secret_value()

    def receipt(self, id_: str) -> Any:
        """As every holder of its id may read it."""
        answer = self.auth.call("GET", f"/api/v1/erasures/{id_}")
        assert answer.status == 200, answer.body
        return answer.body

    def finished(self, id_: str) -> dict[str, dict[str, int]]:
        """What was deleted, service by service, once all of it is."""
        until(lambda: self.receipt(id_)["finished_at"], what="every service to confirm the erasure")
        return {part["service"]: part["deleted"] for part in self.receipt(id_)["parts"]}


class SignedInUser(LedgerMember):
    """A signed-in user with a ledger."""

    def __init__(self, services: AllServices, name: str) -> None:
        super().__init__(services.auth, name)
        self._services = services

    @property
    def book(self) -> Client:
        return Client(self._services.expenses, self.access)

    @property
    def totals(self) -> Client:
        return Client(self._services.insights, self.access)

    def spend(self, ledger: str, amount: str = "12.50", **more: Any) -> dict[str, Any]:
        response = self.book.post(f"/api/v1/expenses?ledger={ledger}", {"amount": amount, "category": "Food", **more})
        assert response.status == 201, response.body
        expense: dict[str, Any] = response.json
        return expense

    def total(self, ledger: str) -> str:
        response = self.totals.get(f"/api/v1/summary?ledger={ledger}")
        assert response.status == 200, response.body
        total: str = response.json["total"]
        return total

    def add_llm_call(self, ledger: str) -> str:
        """What would be kept of a call to a model about a ledger; the call's id."""
        database = Database(self._services.insights_settings.database_url, durable=False)
        told = {"model": "small", "about": "[]", "messages": "[]", "answer": "{}", "verdicts": "{}"}
        figures = {"revision": 1, "tokens_told": 1, "tokens_said": 1, "milliseconds": 1}
        row = ModelCallRow(
            id=uuid4(),
            ledger=UUID(ledger),
            at=datetime.now(UTC),
            purpose="words",
            place="x",
            outcome="answered",
            **told,
            **figures,
        )
        with database.write() as session:
            model_store.add_call(session, row)
        database.close()
        return str(row.id)

    def make_token(self, *scopes: str) -> dict[str, Any]:
        """An API token, and what stands in it."""
        made = self.request("POST", "/auth/tokens", {"name": "a program", "scopes": list(scopes), "password": PASSWORD})
        assert made.status == 201, made.body
        token: dict[str, Any] = made.body
        return token

    def exchange(self, token: str) -> int:
        headers = {"Authorization": f"Bearer {service_token('gateway', key=self._services.key('gateway>auth'))}"}
        return self.auth.call("POST", "/internal/token-exchange", {"token": token}, **headers).status


@contextmanager
def all_services(
    databases: Databases, redis_url: str, urls: Sequence[str] | None = None, **of_auth: Any
) -> Iterator[AllServices]:
    """Starts them, stops them and drops their databases; `of_auth` are other settings of auth.

    `urls` are the databases of auth, expenses and insights, where they are not to be empty.
    """
    urls = urls or [databases.fresh() for _ in range(3)]
    with all_services_on(urls, redis_url, **of_auth) as running:
        yield running
    for url in urls:
        databases.drop(url)


@contextmanager
def all_services_on(urls: Sequence[str], redis_url: str, **of_auth: Any) -> Iterator[AllServices]:
    """The same on databases that stay."""
    keys = {pair: secrets.token_hex(32) for pair in PAIRS}
    ports = dict(zip(("auth", "expenses", "insights"), free_ports(3), strict=True))
    at = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    shared = {
        "redis_url": redis_url,
        "jwks_url": f"{at['auth']}/.well-known/jwks.json",
        "service_keys": keys,
        "log_level": "ERROR",
    }
    places = {"expenses_url": at["expenses"], "insights_url": at["insights"]}
    told = settings(urls[0], **{**shared, **places, **of_auth})
    book = ExpensesSettings.model_validate({**shared, "database_url": urls[1], "auth_url": at["auth"]})
    totals = InsightsSettings.model_validate({**shared, "database_url": urls[2], "expenses_url": at["expenses"]})
    with ExitStack() as stack:
        stack.enter_context(serving(auth_app.create(told), ports["auth"]))
        stack.enter_context(serving(expenses_app.create(book), ports["expenses"]))
        stack.enter_context(serving(insights_app.create(totals), ports["insights"]))
        yield AllServices(Auth(at["auth"], told.cookies), at["expenses"], at["insights"], told, book, totals)
