"""The database of insights, migrated once for each kind and copied; and what stories about its care need."""

from collections.abc import Iterator

import pytest

from chassis.database.engine import Database
from services.insights.cli import main
from services.insights.components import InsightsComponents
from tests.support.databases import Databases
from tests.support.ledger_services import LedgerServices, LedgerUser, ledger_services
from tests.support.ledgers import migrated
from tests.support.model_server import FakeModelMode, ModelServer
from tests.support.outlay import CommandResult, Outlay, environment_of
from tests.support.questions import PAYMENTS
from tests.support.redis import RedisServer


def _prepare(url: str) -> None:
    migrated(url).close()


@pytest.fixture
def totals_url(databases: Databases) -> Iterator[str]:
    url = databases.copy_of("insights", _prepare)
    yield url
    databases.drop(url)


@pytest.fixture
def database(totals_url: str) -> Iterator[Database]:
    found = Database(totals_url, durable=False)
    yield found
    found.close()


@pytest.fixture(scope="module")
def components(services: LedgerServices) -> Iterator[tuple[InsightsComponents, Database]]:
    """What a second consumer has, and its database."""
    components, database = services.components()
    yield components, database
    database.close()


@pytest.fixture
def book(services: LedgerServices) -> Iterator[Database]:
    """The book's own database, to do it harm."""
    database = Database(services.expenses_settings.database_url)
    yield database
    database.close()


@pytest.fixture
def environment(services: LedgerServices) -> dict[str, str]:
    """What the operator's command is told."""
    return environment_of(services)


@pytest.fixture
def outlay(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Outlay:
    """The command as a person calls it, with `changed` settings."""

    def call(*words: object, **changed: str) -> CommandResult:
        for name, value in (environment | changed).items():
            monkeypatch.setenv(name, value)
        code: object = 0
        try:
            main([str(word) for word in words])
        except SystemExit as leaving:
            code = leaving.code
        said = capsys.readouterr()
        return CommandResult(said.out + said.err, code)

    return call


@pytest.fixture(scope="module")
def model_server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture(scope="module")
def with_model(databases: Databases, model_server: ModelServer, shared_redis: RedisServer) -> Iterator[LedgerServices]:
    """Running services that have a model."""
    settings = {"openai_base_url": model_server.url, "openai_model": "small", "openai_daily_tokens": 9_000}
    with ledger_services(databases, shared_redis.url, **settings) as running:
        yield running


@pytest.fixture
def asker(with_model: LedgerServices, model_server: ModelServer) -> LedgerUser:
    """A user with some payments, who has said yes to nothing yet."""
    model_server.mode, model_server.choices = FakeModelMode.RIGHT, []
    model_server.requests.clear()
    user = with_model.new_user()
    user.book.post("/api/v1/expenses/batch", {"create": PAYMENTS})
    return user
