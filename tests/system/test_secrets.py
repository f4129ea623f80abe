"""A stack whose every secret is marked: no response, log line or command output contains one, even when parts fail."""

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.local.home import Secrets
from deploy.locks import ROOT
from tests.support.client import Client
from tests.support.stack import Stack
from tests.support.waiting import until

pytestmark = pytest.mark.stack

PASSWORD = "a long walk home"
MARKS = {name: secrets.token_hex(32) for name in Secrets.__annotations__}
OF_MODEL, OF_PATH, OF_KEY, OF_MAIL = (f"mark-{secrets.token_hex(12)}" for _ in range(4))
EVERY_MARK = (*MARKS.values(), OF_MODEL, OF_PATH, OF_KEY, OF_MAIL, PASSWORD)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Its model and its mail server are not there."""
    home: Path = tmp_path_factory.mktemp("marked") / "home"
    home.mkdir()
    (home / "secrets.json").write_text(json.dumps(MARKS), "utf-8")
    settings = {
        "LOG_LEVEL": "DEBUG",
        "OPENAI_BASE_URL": f"http://ada:{OF_MODEL}@127.0.0.1:1/{OF_PATH}/v1",
        "OPENAI_API_KEY": OF_KEY,
        "OPENAI_MODEL": "small",
        "SMTP_URL": f"smtp://ada:{OF_MAIL}@127.0.0.1:1",
        "MAIL_FROM": "outlay@example.org",
    }
    with Stack(home, **settings) as running:
        yield running


WITHOUT_REDIS = {
    "gateway": "Redis does not answer",
    "insights": "redis is away",
    "consumer": "background work waits work=outlay:journal",
}
"""What each program writes to the log once Redis hangs."""


def all_notice(log: str) -> bool:
    lines = log.splitlines()
    return all(
        any(f" {program} " in line and text in line for line in lines) for program, text in WITHOUT_REDIS.items()
    )


def marks_in(text: str) -> list[str]:
    return [mark for mark in EVERY_MARK if mark in text]


def outlay(stack: Stack, *words: str) -> str:
    """What the operator's command says."""
    environment = stack.environment
    command = [sys.executable, "-m", "deploy.local.outlay", *words]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout or done.stderr
    return done.stdout + done.stderr


class CommandListener:
    """Calls the API, and keeps all that it answers."""

    def __init__(self, stack: Stack) -> None:
        self.client = Client(stack.base_url)
        self.said: list[str] = []

    def call(self, method: str, path: str, body: Any = None) -> Any:
        response = self.client.call(method, path, body, raw=None)
        self.said.append(f"{response.status} {dict(response.headers)} {response.body.decode()}")
        return response


def test_no_answer_no_log_and_no_command_says_a_secret(marked: Stack) -> None:
    ada = CommandListener(marked)
    registered = ada.call("POST", "/api/v1/auth/register", {"email": "ada@example.org", "password": PASSWORD})
    ada.client.token = registered.json["access_token"]
    ada.call("POST", "/api/v1/expenses", {"amount": "5", "category": "Food"})
    place = ada.call("GET", "/api/v1/insights/settings").json["model"]["place"]
    assert place == "127.0.0.1:1"
    ada.call("PUT", "/api/v1/insights/settings", {"allowed": True, "place": place})
    examined = ada.call("POST", "/api/v1/insights/doctor")
    assert "Nothing answers at 127.0.0.1:1." in examined.body.decode()
    ada.call("POST", "/api/v1/ask", {"question": "what did my aunt say"})
    ada.call("POST", "/api/v1/insights/refresh")
    ada.call("POST", "/api/v1/auth/reset-request", {"email": "ada@example.org"})
    until(lambda: "an email could not be sent" in marked.output(), what="the mail to fail")
    until(lambda: "the model gave nothing" in marked.output(), what="the model to fail")
    said = [outlay(marked, *words) for words in (["status"], ["status", "--json"], ["doctor"], ["auth", "accounts"])]

    before = len(marked.output())
    os.kill(marked.processes()["redis"], signal.SIGSTOP)
    for path in ("/api/v1/summary", "/api/v1/insights", "/api/v1/expenses", "/api/v1/nothing", "/readyz"):
        ada.call("GET", path)
    ada.call("POST", "/api/v1/auth/login", {"email": "ada@example.org", "password": "not that one"})
    said.append(outlay(marked, "status"))
    until(lambda: all_notice(marked.output()[before:]), what="every program to notice that Redis hangs")
    os.kill(marked.processes()["redis"], signal.SIGKILL)
    until(lambda: "redis was ended" in marked.output(), what="Redis to end")
    until(lambda: "Redis answers" in marked.output()[before:], what="the gateway to reach the next Redis")

    assert marks_in("\n".join(ada.said)) == []
    assert marks_in("\n".join(said)) == []
    assert marks_in(marked.output()) == []
