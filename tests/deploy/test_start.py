"""`start`, the command of every image: makes settings of what a host hands out, then becomes the process."""

import json
import subprocess
from pathlib import Path

from deploy.locks import ROOT
from tests.support.hosting import START, started


def test_each_process_has_its_program(tmp_path: Path) -> None:
    served = "uvicorn {}:create --factory --host 0.0.0.0 --port {} "
    assert started(tmp_path, "gateway", {})[0].startswith(served.format("gateway.app", 8000))
    for service in ("auth", "expenses", "insights"):
        command, _ = started(tmp_path, service, {"PORT": "10000"})
        assert command.startswith(served.format(f"services.{service}.app", 10000))
    assert started(tmp_path, "insights-consumer", {})[0] == "python -m services.insights.consumer"
    assert started(tmp_path, "insights-worker", {})[0] == "python -m services.insights.tasks --concurrency 2"


def test_by_its_other_name_it_is_the_operators_command(tmp_path: Path) -> None:
    outlay = tmp_path / "outlay"
    outlay.symlink_to(START)
    assert started(tmp_path, "parked list", {}, outlay)[0] == "python -m services.insights.cli parked list"
    assert started(tmp_path, "outlay status", {})[0] == "python -m services.insights.cli status"
    assert started(tmp_path, "auth invite", {}, outlay)[0] == "python -m services.auth.cli invite"
    assert "RUN ln -s start /usr/local/bin/outlay" in (ROOT / "deploy" / "service.Dockerfile").read_text("utf-8")


def test_a_command_of_another_container_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "services" / "insights").mkdir(parents=True)
    command = [str(START), "outlay", "auth", "accounts"]
    done = subprocess.run(command, cwd=tmp_path, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (64, "outlay: this command is in the containers of auth only\n")


def test_settings_are_put_together_from_addresses_and_single_secrets(tmp_path: Path) -> None:
    _, settings = started(
        tmp_path,
        "insights-worker",
        {
            "AUTH_ADDRESS": "auth-x1:10000",
            "EXPENSES_ADDRESS": "expenses-x2:10000",
            "DATABASE_URL": "postgresql://someone:word@db/insights",
            "REDIS_URL": "redis://cache-x3:6379",
            "KEY_INSIGHTS_EXPENSES": "c2VjcmV0+/8=",
            "KEY_EXPENSES_AUTH": "b3RoZXI=",
            "KEY_ROTATION_DAYS": "30",
        },
    )
    assert settings["AUTH_URL"] == "http://auth-x1:10000"
    assert settings["JWKS_URL"] == "http://auth-x1:10000/.well-known/jwks.json"
    assert settings["EXPENSES_URL"] == "http://expenses-x2:10000"
    assert settings["DATABASE_URL"] == "postgresql+psycopg2://someone:word@db/insights"
    assert json.loads(settings["SERVICE_KEYS"]) == {
        "insights>expenses": "c2VjcmV0+/8=",
        "expenses>auth": "b3RoZXI=",
    }


def test_settings_that_are_given_stay_as_they_are(tmp_path: Path) -> None:
    given = {
        "DATABASE_URL": "postgresql+psycopg2://someone:word@db/insights",
        "REDIS_URL": "redis://cache:6379/0",
        "CELERY_BROKER_URL": "redis://queue:6379/0",
        "OUTLAY_PUBLIC_URL": "https://outlay.example.org",
        "RENDER_EXTERNAL_URL": "https://other.example.org",
        "SERVICE_KEYS": '{"a>b": "c"}',
    }
    _, settings = started(tmp_path, "insights-worker", given)
    assert {name: settings[name] for name in given} == given


def test_an_unknown_process_is_refused_with_the_names_of_those_there_are() -> None:
    command = [str(ROOT / "deploy" / "start.sh"), "ledger"]
    done = subprocess.run(command, text=True, capture_output=True, check=False)
    assert done.returncode == 64
    assert "gateway, auth, expenses, insights, insights-consumer, insights-worker" in done.stderr
