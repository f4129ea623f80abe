"""`render.yaml`: every process, wired to the others, with no value that a person has to type in."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from deploy.locks import ROOT
from tests.support.hosting import PROCESSES, settings_of, started

BLUEPRINT: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "render.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = {service["name"]: service for service in BLUEPRINT["services"]}
GIVEN = {"RENDER_EXTERNAL_URL": "https://outlay.example.org"}
"""What Render tells every web service by itself."""

each_process = pytest.mark.parametrize("process", PROCESSES)


def variables(name: str) -> dict[str, Any]:
    return {variable["key"]: variable for variable in SERVICES[name].get("envVars", [])}


def handed_out(name: str) -> dict[str, str]:
    """The environment of a service as Render would make it."""
    made = {key: value_of(name, variable) for key, variable in variables(name).items()}
    return made | (GIVEN if SERVICES[name]["type"] == "web" else {})


def value_of(name: str, variable: dict[str, Any]) -> str:
    match variable:
        case {"value": value}:
            return str(value)
        case {"generateValue": True}:
            return base64.b64encode(hashlib.sha256(f"{name}/{variable['key']}".encode()).digest()).decode()
        case {"fromDatabase": {"name": database, "property": "connectionString"}}:
            return f"postgresql://someone:word@{database}/{database}"
        case {"fromService": {"name": other, "type": kind, **what}}:
            assert SERVICES[other]["type"] == kind
            return from_service(other, what)
    raise AssertionError(f"nothing can make {variable}")


def from_service(other: str, what: dict[Any, Any]) -> str:
    match what:
        case {"property": "hostport"}:
            return f"{other}-x1y2:{variables(other)['PORT']['value']}"
        case {"property": "connectionString"}:
            return f"redis://{other}-x1y2:6379"
        case {"envVarKey": key}:
            return GIVEN[key] if key in GIVEN else value_of(other, variables(other)[key])
    raise AssertionError(f"nothing can make {what}")


@each_process
def test_a_process_gets_all_that_it_needs(process: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in started(tmp_path, process, handed_out(f"outlay-{process}"))[1].items():
        monkeypatch.setenv(name, value)

    settings: BaseSettings = settings_of(process)()

    assert not [value for value in settings.model_dump().values() if "localhost" in str(value)]


@each_process
def test_a_process_is_built_from_its_folder_and_started_by_its_name(process: str) -> None:
    service = SERVICES[f"outlay-{process}"]
    folder = handed_out(f"outlay-{process}")["SERVICE"]
    assert service["runtime"] == "docker"
    assert (ROOT / service["dockerContext"] / service["dockerfilePath"]).is_file()
    assert (ROOT / folder / "requirements.lock").is_file()
    # Render starts it as it stands, without a shell: words only.
    assert service["dockerCommand"] == f"start {process}"


def test_only_the_gateway_can_be_reached_from_outside() -> None:
    kinds = {name: service["type"] for name, service in SERVICES.items()}
    assert [name for name, kind in kinds.items() if kind == "web"] == ["outlay-gateway"]
    assert SERVICES["outlay-gateway"]["healthCheckPath"] == "/readyz"
    assert all(store["ipAllowList"] == [] for store in [SERVICES["outlay-redis"], *BLUEPRINT["databases"]])


def test_each_service_has_a_database_of_its_own_on_the_version_we_test_with() -> None:
    used = {
        process: variables(f"outlay-{process}")["DATABASE_URL"]["fromDatabase"]["name"]
        for process in ("auth", "expenses", "insights")
    }
    assert len(set(used.values())) == len(used)
    assert set(used.values()) == {database["name"] for database in BLUEPRINT["databases"]}
    assert {database["postgresMajorVersion"] for database in BLUEPRINT["databases"]} == {"17"}


def test_redis_never_evicts_what_streams_and_queue_hold() -> None:
    """Neither of them has a time to live."""
    assert SERVICES["outlay-redis"]["maxmemoryPolicy"] == "volatile-lru"


def test_no_secret_stands_in_the_file() -> None:
    secret = ("SECRET", "KEY", "PASSWORD", "TOKEN")
    held = [v for name in SERVICES for v in variables(name).values() if any(word in v["key"] for word in secret)]
    assert held
    assert all("generateValue" in variable or "fromService" in variable for variable in held)
