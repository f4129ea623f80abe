"""`make run` on a disk that is full or read-only: one sentence, or 507 until there is room."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.ports import free_port
from deploy.local.workshop import ROOT
from tests.support.client import Client
from tests.support.disk import SmallDisk
from tests.support.stack import Stack
from tests.support.waiting import until

pytestmark = [pytest.mark.stack, pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with SmallDisk(tmp_path / "disk", megabytes=24) as mounted:
        yield mounted


def run(home: Path) -> str:
    """What a `make run` that does not start says."""
    told = os.environ | {"OUTLAY_HOME": str(home), "PORT": str(free_port())}
    command = [sys.executable, "-m", "deploy.local"]
    ended = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stdout + ended.stderr
    return ended.stderr


def test_a_full_disk_is_said_at_the_start(disk: SmallDisk) -> None:
    disk.fill()

    assert "Make room on that disk" in run(disk.path / "home")


def test_a_disk_with_room_for_secrets_alone_is_said_too(disk: SmallDisk) -> None:
    disk.fill(leave=64 * 1024)

    assert "is on a disk that is full" in run(disk.path / "home")


def test_a_read_only_disk_is_said_at_the_start(disk: SmallDisk) -> None:
    disk.make_read_only()

    assert "it can be written to" in run(disk.path / "home")


def test_a_disk_that_fills_refuses_writes_and_goes_on_once_there_is_room(disk: SmallDisk) -> None:
    with Stack(disk.path / "home") as stack:
        user = {"email": "robin@example.com", "password": "a long walk by the sea"}
        token = Client(stack.base_url).post("/api/v1/auth/register", user).json["access_token"]
        client = Client(stack.base_url, token)
        expense = {"amount": "5", "category": "Food", "note": "n" * 1_000}
        assert client.post("/api/v1/expenses", expense).status == 201

        disk.fill()
        refused = until(lambda: full(client, expense), what="the disk to be full")
        items = client.get("/api/v1/expenses?limit=500")
        disk.empty()
        until(lambda: client.post("/api/v1/expenses", expense).status == 201, what="writes to go on")

        assert refused["type"] == "urn:outlay:problem:insufficient-storage"
        assert items.status == 200
        assert "Traceback" not in stack.output()


def full(client: Client, expense: dict[str, str]) -> dict[str, str]:
    """What is in the log before the disk was full may still find room."""
    response = client.post("/api/v1/expenses", expense)
    assert response.status in {201, 503, 507}
    return response.json if response.status == 507 else {}
