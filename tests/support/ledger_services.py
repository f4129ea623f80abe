"""The book and what reads it, on real parts: expenses, insights and their consumer, in one process."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from chassis.database.engine import Database
from chassis.projections.reader import JournalReader
from contracts.ids import LedgerId, UserId
from services.expenses import app as expenses_app
from services.expenses.settings import Settings as ExpensesSettings
from services.insights import app as insights_app
from services.insights.components import InsightsComponents, build
from services.insights.settings import ApiSettings as InsightsSettings
from tests.support.client import Client
from tests.support.databases import Databases
from tests.support.issuer import Issuer
from tests.support.serving import serving


@dataclass
class LedgerServices:
    """Where the services are, and who may sign tokens for them."""

    issuer: Issuer
    expenses: str
    insights: str
    expenses_settings: ExpensesSettings
    insights_settings: InsightsSettings

    def new_user(self, currency: str = "EUR", time_zone: str = "Europe/Berlin") -> "LedgerUser":
        """A new user."""
        account = self.issuer.new_account(currency, time_zone)
        token = self.issuer.token(account)
        return LedgerUser(account, Client(self.expenses, token), Client(self.insights, token))

    def reader(self) -> tuple[JournalReader, Database]:
        """Another reader over the same totals, as a second consumer has one."""
        parts, database = self.components()
        return parts.reader, database

    def components(self) -> tuple[InsightsComponents, Database]:
        """Everything that a second consumer has."""
        database = Database(self.insights_settings.database_url, durable=False)
        return build(self.insights_settings, database), database


@dataclass
class LedgerUser:
    """An account with its clients."""

    account: UserId
    book: Client
    totals: Client

    @property
    def ledger(self) -> LedgerId:
        """The personal ledger."""
        return LedgerId(self.account)

    def record(self, amount: str = "12.50", category: str = "Food", **more: object) -> dict[str, str]:
        """Records an expense and returns it."""
        response = self.book.post("/api/v1/expenses", {"amount": amount, "category": category, **more})
        assert response.status == 201, response.body
        expense: dict[str, str] = response.json
        return expense


@contextmanager
def ledger_services(databases: Databases, redis_url: str, **more: object) -> Iterator[LedgerServices]:
    """Starts them and stops them. The stream has no consumer here: reads pull through. `more` are settings of both."""
    issuer = Issuer()
    keys = {pair: secrets.token_hex(32) for pair in ("insights>expenses", "expenses>auth")}
    book_url, totals_url = databases.fresh(), databases.fresh()
    with ExitStack() as stack:
        auth = stack.enter_context(serving(issuer.app()))
        shared = {"redis_url": redis_url, "jwks_url": f"{auth}/.well-known/jwks.json", "service_keys": keys, **more}
        book = ExpensesSettings.model_validate({**shared, "database_url": book_url, "auth_url": auth})
        expenses = stack.enter_context(serving(expenses_app.create(book)))
        totals = InsightsSettings.model_validate({**shared, "database_url": totals_url, "expenses_url": expenses})
        insights = stack.enter_context(serving(insights_app.create(totals)))
        yield LedgerServices(issuer, expenses, insights, book, totals)
    databases.drop(book_url)
    databases.drop(totals_url)
