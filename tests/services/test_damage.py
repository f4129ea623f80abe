"""64 KB of a database file overwritten: /readyz says so, what cannot be done is refused, and nothing is 500."""

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import urllib3
from fastapi import APIRouter

from chassis.database.engine import Database
from chassis.database.maintenance import check
from chassis.database.startup import EXIT_CODE
from chassis.http.app import create_app, no_lifespan
from chassis.http.components import Components
from chassis.process.secret_urls import reveal
from deploy.local.address import Address
from deploy.local.home import Home
from deploy.local.topology import programs
from deploy.local.workshop import ROOT
from services.insights import cli
from services.insights.settings import Settings
from tests.support.all_services import AllServices
from tests.support.client import Client
from tests.support.damage import overwrite
from tests.support.databases import SqliteDatabases
from tests.support.redis import RedisServer
from tests.support.serving import serving
from tests.support.waiting import until
from tests.versions.dumps import SERVICES
from tests.versions.record import FIXTURES
from tests.versions.test_versions import UpgradedStack, upgraded_from

POSSIBLE = {200, 201, 202, 204, 400, 401, 403, 404, 409, 412, 422, 429, 503}
"""A damaged index may hide what is there; 500 is never right."""


@pytest.fixture
def upgraded(tmp_path_factory: pytest.TempPathFactory, shared_redis: RedisServer) -> Iterator[UpgradedStack]:
    shared_redis.clear()
    databases = SqliteDatabases(tmp_path_factory.mktemp("damaged"))
    with upgraded_from(FIXTURES / "d676b6b", databases, shared_redis.url) as running:
        yield running


def url_of(services: AllServices, service: str) -> str:
    told = (services.auth_settings, services.expenses_settings, services.insights_settings)
    return dict(zip(SERVICES, (reveal(settings.database_url) for settings in told), strict=True))[service]


def calls(running: UpgradedStack, base: str, service: str, access: str) -> Counter[int]:
    """The statuses of a little of everything that a person does there."""
    client = Client(base, access)
    if service == "auth":
        paths = ["auth/me", "auth/sessions", "auth/tokens", "ledgers", "auth/export", "auth/options"]
        done = [client.post("/api/v1/auth/login", {"email": "a@example.org", "password": "wrong words"})]
        done += [client.post("/api/v1/ledgers", {"name": f"Trip {number}"}) for number in range(5)]
    elif service == "expenses":
        paths = ["expenses?limit=500", "categories", "journal?after=0", "ledger", "export", "expenses?q=kettle"]
        new = {"amount": "1.00", "merchant": "Blue Kettle"}
        done = [client.post("/api/v1/expenses", new | {"category": f"Kind {number}"}) for number in range(20)]
        done += [client.delete(f"/api/v1/expenses/{id_}") for id_ in list(running.facts["book"]["expenses"])[:20]]
    else:
        paths = ["summary?from=2020-01-01&to=2030-12-31", "trends?from=2026-01-01&to=2026-12-31&by=day", "insights"]
        done = [client.post("/api/v1/insights/refresh", None)]
    return Counter(response.status for response in done + [client.get(f"/api/v1/{path}") for path in paths])


@pytest.mark.parametrize("service", SERVICES)
def test_damage_to_a_running_service_is_said_and_is_never_an_error_of_ours(
    upgraded: UpgradedStack, service: str
) -> None:
    access, services = upgraded.access("ada"), upgraded.services
    running = {"auth": services.auth.url, "expenses": services.expenses, "insights": services.insights}
    overwrite(url_of(services, service))

    statuses = calls(upgraded, running[service], service, access)

    assert set(statuses) <= POSSIBLE
    assert statuses[503]
    ready = Client(running[service]).get("/readyz")
    assert (ready.status, ready.json["status"]) == (503, "damaged")
    assert "Requests that need the damaged part are refused" in ready.json["detail"]
    others = {Client(base).get("/readyz").status for name, base in running.items() if name != service}
    assert others == {200}


@pytest.mark.parametrize("service", SERVICES)
def test_damage_is_found_at_the_start(upgraded: UpgradedStack, service: str, tmp_path: Path) -> None:
    """Where so much is damaged that nothing can be done, the process says so and ends."""
    home = Home.from_environment({"OUTLAY_HOME": str(tmp_path)})
    stack = {one.name: one for one in programs(home, Address("127.0.0.1", 1, "http://localhost:1"), os.environ)}
    told = dict(stack[service].environment) | {"DATABASE_URL": url_of(upgraded.services, service)}
    overwrite(told["DATABASE_URL"])
    port = stack[service].command[stack[service].command.index("--port") + 1]

    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(stack[service].command, env=told, cwd=ROOT, stdout=log, stderr=log)
    try:
        ready = until(lambda: process.poll() or answer(f"http://127.0.0.1:{port}"), what="the service to start or end")
    finally:
        process.terminate()
        process.wait()

    said = (tmp_path / "log").read_text("utf-8")
    assert "Traceback" not in said
    assert "is damaged" in said
    assert ready in ({"status": "damaged"}, EXIT_CODE)


def answer(base: str) -> Any:
    try:
        response = Client(base).get("/readyz")
    except urllib3.exceptions.HTTPError:
        return None
    return {"status": response.json["status"]}


def test_outlay_status_says_what_is_damaged(
    upgraded: UpgradedStack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    access, told = upgraded.access("ada"), upgraded.services.insights_settings
    settings = Settings.model_validate(told.model_dump(include=set(Settings.model_fields)))
    monkeypatch.setattr(cli, "settings_of", lambda _: settings)
    cli.main(["status"])
    assert capsys.readouterr().out.startswith("Storage       auth, expenses, insights: no damage found\n")

    overwrite(url_of(upgraded.services, "expenses"))
    calls(upgraded, upgraded.services.expenses, "expenses", access)
    with pytest.raises(SystemExit) as ended:
        cli.main(["status"])

    assert ended.value.code == 1
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("Storage       expenses: The database ")
    assert "put a backup in its place" in first


def test_a_file_that_was_mended_is_called_whole_again(upgraded: UpgradedStack, tmp_path: Path) -> None:
    database = Database(url_of(upgraded.services, "expenses"))
    assert database.file is not None
    whole = database.file.read_bytes()
    overwrite(url_of(upgraded.services, "expenses"))
    check(database)
    assert database.health.report()["status"] == "damaged"

    database.file.write_bytes(whole)
    check(database)

    assert database.health.report() == {"status": "ready"}
    database.close()


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_a_damaged_page_of_postgresql_is_treated_alike(database_url: str) -> None:
    database = Database(database_url)
    router = APIRouter()

    @router.get("/read")
    def read() -> str:
        with database.snapshot() as session:
            session.execute(
                sa.text("DO $$ BEGIN RAISE EXCEPTION 'invalid page in block 7' USING ERRCODE = 'XX001'; END $$")
            )
        return "read"

    with serving(
        create_app("a service", [router], database=database, lifespan=no_lifespan, components=Components())
    ) as base:
        refused, ready = Client(base).get("/read"), Client(base).get("/readyz")

    assert (refused.status, refused.json["detail"].partition(";")[0]) == (
        503,
        "Part of the data on this server is damaged",
    )
    assert (ready.status, ready.json["status"]) == (503, "damaged")
    check(database)
    assert database.health.report() == {"status": "ready"}
    database.close()
