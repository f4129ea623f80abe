"""`docker-compose.yml` runs what the embedded stack runs, on PostgreSQL, and opens one port only."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.env import SECRETS
from deploy.locks import ROOT
from tests.support.hosting import PROCESSES, embedded_stack, settings_of, url_of

TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
OBSERVERS = ("prometheus", "grafana")
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")

each_process = pytest.mark.parametrize("process", PROCESSES)


def environment(process: str) -> dict[str, str]:
    """What a process is told, once `make env` has made the secrets."""

    def value(match: re.Match[str]) -> str:
        name, kind, fallback = match.groups()
        if name in SECRETS:
            return hashlib.sha256(name.encode()).hexdigest()
        if kind == "-":
            return fallback
        return "http://localhost:8000" if name == "OUTLAY_PUBLIC_URL" else pytest.fail(f"who sets {name}?")

    told = SERVICES[process]["environment"]
    return {name: VARIABLE.sub(value, text) for name, text in told.items() if text is not None}


def test_it_runs_what_the_embedded_stack_runs_and_tells_it_as_much(tmp_path: Path) -> None:
    embedded = embedded_stack(tmp_path)
    assert embedded.keys() == set(PROCESSES) | {"redis"}
    for process in PROCESSES:
        known = {name.upper() for name in settings_of(process).model_fields}
        assert embedded[process].keys() & known <= SERVICES[process]["environment"].keys()


def test_it_is_written_in_the_order_in_which_data_flows() -> None:
    assert [name for name in SERVICES if name not in OBSERVERS] == [
        "gateway",
        "auth",
        "expenses",
        "redis",
        "insights-consumer",
        "insights-worker",
        "insights",
        "postgres",
    ]
    assert {name for name in SERVICES if SERVICES[name].get("image", "").startswith("outlay-")} == set(PROCESSES)
    assert {name for name in SERVICES if SERVICES[name].get("profiles") == ["observability"]} == set(OBSERVERS)


@each_process
def test_a_process_is_told_all_that_it_knows_and_no_more(process: str) -> None:
    told = environment(process)
    settings = settings_of(process)
    named = {name.lower() for name in SERVICES[process]["environment"]}
    assert named == set(settings.model_fields)
    settings.model_validate({name.lower(): value for name, value in told.items()} | keys(told))


def keys(told: dict[str, str]) -> dict[str, Any]:
    """Settings that the environment holds as JSON."""
    return {"service_keys": json.loads(told["SERVICE_KEYS"])} if "SERVICE_KEYS" in told else {}


@each_process
def test_a_service_holds_only_the_keys_of_its_own_pairs(process: str) -> None:
    service = process.partition("-")[0]
    assert all(service in pair.split(">") for pair in keys(environment(process)).get("service_keys", {}))


def test_both_sides_of_a_pair_hold_the_same_key() -> None:
    held: dict[str, set[str]] = {}
    for process in PROCESSES:
        for pair, key in keys(environment(process)).get("service_keys", {}).items():
            held.setdefault(pair, set()).add(key)
    assert held.keys() == {
        *("gateway>auth", "expenses>auth", "insights>expenses", "auth>expenses", "auth>insights"),
    }
    assert all(len(values) == 1 for values in held.values())


def test_a_missing_secret_is_refused_with_what_to_do() -> None:
    asked = {match[1] for match in VARIABLE.finditer(TEXT) if match[2] == "?" and "make env" in match[3]}
    assert set(SECRETS) | {"OUTLAY_PUBLIC_URL"} == asked


def test_no_secret_has_a_default_and_none_goes_to_a_container_that_does_not_need_it() -> None:
    used = {match[1]: match[2] for match in VARIABLE.finditer(TEXT) if match[2] == "-"}
    assert not set(SECRETS) & set(used)
    holders = {name: [s for s in SERVICES if name in str(SERVICES[s].get("environment"))] for name in SECRETS}
    assert holders["OUTLAY_SECRET_KEY"] == ["auth"]
    assert holders["POSTGRES_PASSWORD"] == ["postgres"]
    assert holders["AUTH_DATABASE_PASSWORD"] == ["auth", "postgres"]
    assert holders["EXPENSES_DATABASE_PASSWORD"] == ["expenses", "postgres"]


def test_only_the_gateway_is_open_and_that_to_this_machine_unless_told_otherwise() -> None:
    open_ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert open_ports.pop("gateway") == ["${HOST:-127.0.0.1}:${PORT:-8000}:8000"]
    assert set(open_ports) == set(OBSERVERS)
    assert all(port.startswith("127.0.0.1:") for ports in open_ports.values() for port in ports)


@each_process
def test_a_process_can_do_no_more_than_it_must(process: str) -> None:
    service = SERVICES[process]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["healthcheck"]["test"]
    assert service["command"] == f"start {process}"


def test_each_service_has_a_database_of_its_own() -> None:
    script = (ROOT / "deploy" / "postgres" / "databases.sql").read_text("utf-8")
    for service in ("auth", "expenses", "insights"):
        password = f"{service.upper()}_DATABASE_PASSWORD"
        assert f"\\getenv password {password}\nCREATE ROLE {service} LOGIN PASSWORD :'password';" in script
        assert f"CREATE DATABASE {service} OWNER {service};" in script
        assert password in SERVICES["postgres"]["environment"]
        url = url_of(environment(service)["DATABASE_URL"])
        assert (url.drivername, url.username, url.host, url.database) == (
            "postgresql+psycopg2",
            service,
            "postgres",
            service,
        )


def test_redis_keeps_nothing_and_evicts_neither_streams_nor_queue() -> None:
    command = SERVICES["redis"]["command"]
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert options["--save"] == ""
    assert options["--appendonly"] == "no"
    assert options["--maxmemory-policy"] == "volatile-lru"
    assert options["--maxmemory"] == "256mb"
    assert SERVICES["redis"]["tmpfs"] == ["/data"]


def test_prometheus_scrapes_every_process_where_its_metrics_are() -> None:
    scraping = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text("utf-8"))
    (job,) = scraping["scrape_configs"]
    scraped = {group["labels"]["process"]: group["targets"] for group in job["static_configs"]}
    assert scraped == {process: [f"{process}:{environment(process)['METRICS_PORT']}"] for process in PROCESSES}
    assert all(environment(process)["METRICS_HOST"] == "0.0.0.0" for process in PROCESSES)  # noqa: S104
