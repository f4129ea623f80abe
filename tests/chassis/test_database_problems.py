"""What a database in trouble means to a client: to come again, and not an error of ours."""

import pytest
from fastapi import APIRouter

from chassis.database import engine as database_module
from chassis.database.engine import Database
from chassis.http.app import create_app, no_lifespan
from chassis.http.components import Components
from tests.support.client import Client
from tests.support.serving import serving


def test_a_pool_that_is_used_up_is_a_503_and_not_a_500(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "_POOL_TIMEOUT", 0.05)
    database = Database(database_url, pool_size=2)
    router = APIRouter()

    @router.get("/read")
    def read() -> str:
        with database.snapshot() as session:
            session.connection()
            return "read"

    app = create_app("a service", [router], database=database, lifespan=no_lifespan, components=Components())
    with serving(app) as url:
        client = Client(url)
        with database.snapshot() as one, database.snapshot() as other:
            one.connection()
            other.connection()
            refused = client.get("/read")
        assert refused.status == 503
        assert int(refused.headers["Retry-After"]) >= 1
        assert client.get("/read").status == 200
    database.close()
