"""`make run` and `make demo` as a person meets them: whole, on a real machine."""

import json
import os
import signal
import socket
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from deploy.local.ports import free_port
from deploy.local.readiness import is_ready
from deploy.local.sample import payments
from deploy.local.workshop import ROOT
from tests.support.client import Client
from tests.support.processes import is_alive
from tests.support.stack import Stack
from tests.support.waiting import until

pytestmark = pytest.mark.stack

PROGRAMS = {"redis", "auth", "expenses", "insights", "gateway", "consumer", "worker"}
ROBIN = {"email": "robin@example.com", "password": "a long walk by the sea"}


def register(stack: Stack) -> Client:
    answer = Client(stack.base_url).post("/api/v1/auth/register", ROBIN)
    assert answer.status == 201, answer.body
    return Client(stack.base_url, answer.json["access_token"])


def sign_in(stack: Stack, email: str, password: str) -> Client:
    answer = Client(stack.base_url).post("/api/v1/auth/login", {"email": email, "password": password})
    assert answer.status == 200, answer.body
    return Client(stack.base_url, answer.json["access_token"])


def refused(**environment: str) -> str:
    """What a `make run` that does not start says."""
    tried = subprocess.run(
        [sys.executable, "-m", "deploy.local"],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert tried.returncode == 1
    assert "Traceback" not in tried.stderr
    return " ".join(tried.stderr.split())


def test_every_program_that_is_killed_comes_back(tmp_path: Path) -> None:
    with Stack(tmp_path / "home") as stack:
        client = register(stack)
        before = until(lambda: _complete(stack), what="all programs to run")

        for pid in before.values():
            os.kill(pid, signal.SIGKILL)

        after = until(lambda: _complete(stack, other_than=before), what="all of them to come back")
        until(lambda: is_ready(f"{stack.base_url}/readyz"), what="the stack to be ready again")
        assert not set(after.values()) & set(before.values())
        assert client.get("/api/v1/auth/me").json["email"] == ROBIN["email"]


def test_a_killed_supervisor_leaves_nothing_behind_and_loses_nothing(tmp_path: Path) -> None:
    with Stack(tmp_path / "home") as stack:
        register(stack)
        running = until(lambda: _complete(stack), what="all programs to run")

        stack.kill()

        until(lambda: not any(is_alive(pid) for pid in running.values()), what="all programs to end")
        stack.start()
        sign_in(stack, **ROBIN)


def outlay(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The operator's command, as a person calls it."""
    told = os.environ | {"OUTLAY_HOME": str(home)}
    return subprocess.run(
        [str(ROOT / "bin" / "outlay"), *words], env=told, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_operators_command_finds_the_running_stack(stack: Stack) -> None:
    client = register(stack)
    assert client.post("/api/v1/expenses", {"amount": "5", "category": "Food"}).status == 201
    until(lambda: "0 entries behind" in outlay(stack.home, "status").stdout, what="all to be taken in")
    assert "agree with the book to the last cent, 0 differed" in outlay(stack.home, "verify").stdout
    assert "in all." in outlay(stack.home, "auth", "accounts").stdout


def test_the_operators_command_says_plainly_that_nothing_runs(tmp_path: Path) -> None:
    said = outlay(tmp_path / "nowhere", "status")
    assert said.returncode == 1
    assert "Outlay is not running on" in said.stderr
    assert "Traceback" not in said.stderr
    assert not (tmp_path / "nowhere").exists()


def test_a_second_one_in_the_same_home_is_told_where_the_first_is(stack: Stack) -> None:
    said = refused(OUTLAY_HOME=str(stack.home), PORT=str(free_port()))

    assert f"already running on {stack.home}, at {stack.base_url}" in said


def test_a_taken_port_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        assert f"Port {port} is taken" in refused(OUTLAY_HOME=str(tmp_path), PORT=str(port))


def test_the_demo_is_loaded_once_and_signs_in_both_times(tmp_path: Path) -> None:
    for _ in range(2):
        with Stack(tmp_path / "home", module="deploy.local.demo") as stack:
            kept = json.loads((stack.home / "demo.json").read_text("utf-8"))
            robin = sign_in(stack, "demo@outlay.example", kept["password"])
            expected = payments(date.fromisoformat(kept["until"]))
            summary = robin.get(f"/api/v1/summary?from={expected[0]['spent_on']}&to={kept['until']}").json

            assert kept["password"] in stack.output()
            assert summary["count"] == len(expected)


def _complete(stack: Stack, other_than: dict[str, int] | None = None) -> dict[str, int]:
    """The running programs, once none is missing (or still the one that it was)."""
    running = stack.processes()
    fresh = other_than is None or not set(running.values()) & set(other_than.values())
    return running if fresh and running.keys() >= PROGRAMS else {}
