"""What holds a password shows where it leads, and nothing else: printed, logged, serialised, or refused."""

import json
import logging
import os
import traceback
from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_settings import SettingsError

from chassis.database.engine import Database
from chassis.process.logging import JsonFormatter
from chassis.process.secret_urls import SecretUrlValue, redact
from chassis.process.settings import ProcessSettings
from chassis.redis.client import connect
from tests.support.hosting import PROCESSES, settings_of

MARK = "hunter2"
SECRETS = json.dumps({f"{pair}>auth": f"{MARK}-0123456789abcdefghijklmnop" for pair in ("gateway", "expenses")})
GOOD = {
    "DATABASE_URL": f"postgresql+psycopg2://ada:{MARK}@db.example:5432/{MARK}?password={MARK}",
    "REDIS_URL": f"redis://:{MARK}@redis.example:6379/0?password={MARK}",
    "CELERY_BROKER_URL": f"redis://ada:{MARK}@redis.example/1",
    "OPENAI_BASE_URL": f"https://ada:{MARK}@model.example/{MARK}/v1",
    "OPENAI_API_KEY": MARK,
    "OPENAI_MODEL": "small",
    "SMTP_URL": f"smtp://ada:{MARK}@mail.example",
    "MAIL_FROM": "outlay@example.org",
    "OUTLAY_SECRET_KEY": f"{MARK}-0123456789abcdefghijklmnop",
    "OUTLAY_PUBLIC_URL": "https://outlay.example",
    "SERVICE_KEYS": SECRETS,
    "JWKS_URL": "http://auth:8000/keys",
    **{f"{name}_URL": f"http://{name.lower()}:8000" for name in ("AUTH", "EXPENSES", "INSIGHTS")},
}
"""Every setting of every process that may hold a secret, and what else they need."""
BAD = {
    "DATABASE_URL": f"postgresql://ada:{MARK}/x@db.example",
    "REDIS_URL": f"redis://:{MARK}:{MARK}#@redis",
    "CELERY_BROKER_URL": f"redis://ada:{MARK}/1@redis",
    "OPENAI_BASE_URL": f"https://model.example/v1?key={MARK}",
    "SMTP_URL": f"smtp://ada:{MARK}/x@mail",
    "OUTLAY_SECRET_KEY": f"changeme-{MARK}",
    "OUTLAY_PUBLIC_URL": f"https://ada:{MARK}@outlay.example",
    "SERVICE_KEYS": f'{{"gateway>auth": "{MARK}"}}',
    "JWKS_URL": f"http://ada:{MARK}@auth/keys",
    "AUTH_URL": f"http://ada:{MARK}@auth",
    "EXPENSES_URL": f"http://ada:{MARK}@expenses",
    "INSIGHTS_URL": f"http://ada:{MARK}@insights",
    "GATEWAY_ALLOWED_ORIGINS": f"https://ada:{MARK}@app.example",
}
each_process = pytest.mark.parametrize("process", PROCESSES)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in os.environ:
        if name.endswith("_URL"):
            monkeypatch.delenv(name)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def every_way_to_say(value: Any) -> str:
    """Printed, formatted, logged and serialised."""
    record = logging.makeLogRecord({"msg": f"{value} {value!r}", "value": value})
    said = [str(value), repr(value), f"{value}", JsonFormatter("test").format(record)]
    if isinstance(value, ProcessSettings):
        said += [str(value.model_dump()), value.model_dump_json(), json.dumps(value.model_dump(mode="json"))]
    return "\n".join(said)


@each_process
@pytest.mark.usefixtures("told")
def test_settings_say_no_secret_however_they_are_said(process: str) -> None:
    settings = settings_of(process)()
    said = every_way_to_say(settings)
    endpoint = getattr(settings, "endpoint", None)

    assert MARK not in said + every_way_to_say(endpoint)
    assert "redis://redis.example:6379" in said


@each_process
@pytest.mark.parametrize("name", BAD)
def test_a_setting_that_is_refused_is_not_repeated(told: pytest.MonkeyPatch, process: str, name: str) -> None:
    told.setenv(name, BAD[name])
    try:
        settings = settings_of(process)()
    except (ValidationError, SettingsError) as error:
        said = "".join(traceback.format_exception(error))
    else:
        assert name.lower() not in type(settings).model_fields or name == "SERVICE_KEYS"
        said = every_way_to_say(settings)

    assert MARK not in said


def test_keys_that_are_no_json_are_not_repeated(told: pytest.MonkeyPatch) -> None:
    told.setenv("SERVICE_KEYS", f'{{"gateway>auth": {MARK}')
    with pytest.raises(SettingsError) as refused:
        settings_of("gateway")()
    assert MARK not in "".join(traceback.format_exception(refused.value))


def test_clients_that_cannot_connect_say_no_password() -> None:
    database = Database(SecretUrlValue(f"postgresql+psycopg2://ada:{MARK}@127.0.0.1:1/x?connect_timeout=1"))
    client = connect(SecretUrlValue(f"redis://ada:{MARK}@127.0.0.1:1/0"))
    said = every_way_to_say(database) + every_way_to_say(database.engine) + every_way_to_say(client)
    for fail in (database.engine.connect, client.ping):
        try:
            fail()
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not say too much
            said += "".join(traceback.format_exception(error)) + every_way_to_say(error)
        else:
            pytest.fail("a server listens on port 1")
    database.close()

    assert MARK not in said


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("https://ada:pw@host:8443/a/b?key=1#f", "https://host:8443"),
        ("redis://:pw@host", "redis://host"),
        ("sqlite:////data/auth.sqlite", "sqlite:////data/auth.sqlite"),
        ("https://host:pw", "…"),
        ("pw", "…"),
        ("", "…"),
    ],
)
def test_what_is_shown_of_an_address(url: str, seen: str) -> None:
    assert redact(url) == seen
    assert str(SecretUrlValue(url)) == seen
