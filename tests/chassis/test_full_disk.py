"""A disk that is full, read-only or failing: a sentence for the client, a line for the log, and no traceback."""

import logging
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from fastapi import APIRouter

from chassis.database.engine import Database
from chassis.http.app import create_app, no_lifespan
from chassis.http.components import Components
from tests.support.client import Client
from tests.support.serving import serving

ONLY_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
ONLY_POSTGRESQL = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)


class ServiceOnSmallDisk:
    """Writes and reads a table, and does to its connection what a test wants."""

    def __init__(self, url: str) -> None:
        self.database = Database(url, pool_size=1)
        self.first = "SELECT 1"
        """What a write does first."""
        with self.database.write() as session:
            session.execute(sa.text("CREATE TABLE notes (text VARCHAR)"))
        router = APIRouter()

        @router.post("/notes", status_code=201)
        def write() -> None:
            with self.database.write() as session:
                session.execute(sa.text(self.first))
                session.execute(sa.text("INSERT INTO notes VALUES (:text)").bindparams(text="x" * 50_000))

        @router.get("/notes")
        def read() -> int:
            with self.database.snapshot() as session:
                return session.scalar(sa.text("SELECT count(*) FROM notes")) or 0

        self.app = create_app(
            "a service", [router], database=self.database, lifespan=no_lifespan, components=Components()
        )


@pytest.fixture
def service(database_url: str) -> Iterator[ServiceOnSmallDisk]:
    made = ServiceOnSmallDisk(database_url)
    yield made
    made.database.close()


@ONLY_SQLITE
def test_a_full_disk_is_507_until_there_is_room(service: ServiceOnSmallDisk, caplog: pytest.LogCaptureFixture) -> None:
    with serving(service.app) as base, caplog.at_level(logging.WARNING):
        client = Client(base)
        assert client.post("/notes", {}).status == 201
        service.first = "PRAGMA max_page_count = 16"  # SQLite's own way to be full
        refused = [client.post("/notes", {}) for _ in range(3)]
        ready = client.get("/readyz")
        read = client.get("/notes")
        service.first = "PRAGMA max_page_count = 100000"
        assert client.post("/notes", {}).status == 201

        assert [response.status for response in refused] == [507, 507, 507]
        assert refused[0].json["detail"].startswith("The disk of the server is full; nothing was stored.")
        assert (ready.status, read.json) == (200, 1)
        assert "on a disk that is full" in ready.json["detail"]
        assert client.get("/readyz").json == {"status": "ready"}

    said = [record.getMessage() for record in caplog.records]
    assert said.count("database full") == 3
    assert sum("on a disk that is full" in line for line in said) == 1
    assert sum("can be written to again" in line for line in said) == 1
    assert not any(record.exc_info for record in caplog.records)


@ONLY_SQLITE
def test_what_cannot_be_written_to_is_503(service: ServiceOnSmallDisk, caplog: pytest.LogCaptureFixture) -> None:
    with serving(service.app) as base, caplog.at_level(logging.WARNING):
        client = Client(base)
        service.first = "PRAGMA query_only = ON"
        refused = client.post("/notes", {})

    assert refused.status == 503
    assert int(refused.headers["Retry-After"]) >= 1
    assert "cannot be written to just now" in refused.json["detail"]
    assert not any(record.exc_info for record in caplog.records)


@ONLY_POSTGRESQL
@pytest.mark.parametrize(
    ("state", "status"), [("53100", 507), ("25006", 503), ("58030", 503), ("XX001", 503), ("XX002", 503)]
)
def test_postgresql_is_treated_alike(
    service: ServiceOnSmallDisk, state: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(service.app) as base, caplog.at_level(logging.WARNING):
        client = Client(base)
        service.first = f"DO $$ BEGIN RAISE EXCEPTION 'as the server says it' USING ERRCODE = '{state}'; END $$"
        refused = client.post("/notes", {})
        service.first = "SELECT 1"
        assert client.post("/notes", {}).status == 201

    assert refused.status == status
    assert "as the server says it" not in str(refused.json)
    assert not any(record.exc_info for record in caplog.records)
