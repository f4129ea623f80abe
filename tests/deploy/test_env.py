"""`.env`: secrets of this machine alone, made once."""

import stat
from pathlib import Path

import pytest

from chassis.process.settings import MIN_SECRET_LENGTH
from deploy import env


def _values(file: Path) -> dict[str, str]:
    lines = [line for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_every_secret_is_long_random_and_its_own(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    assert env.complete(file) == list(env.SECRETS)
    secrets = [_values(file)[name] for name in env.SECRETS]
    assert len(set(secrets)) == len(env.SECRETS)
    assert min(map(len, secrets)) >= MIN_SECRET_LENGTH
    other = tmp_path / "other"
    env.complete(other)
    assert not set(secrets) & set(_values(other).values())


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    env.complete(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_what_is_there_stays_and_only_what_is_new_is_added(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    env.complete(file)
    mine = file.read_text("utf-8").replace("PORT=8000", "PORT=9000")
    without_redis = "".join(line for line in mine.splitlines(keepends=True) if "REDIS" not in line)
    file.write_text(without_redis, "utf-8")

    assert env.complete(file) == ["REDIS_PASSWORD"]
    assert file.read_text("utf-8").startswith(without_redis)
    assert env.complete(file) == []


def test_a_secret_left_empty_is_made(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("REDIS_PASSWORD=\n", "utf-8")
    assert "REDIS_PASSWORD" in env.complete(file)
    assert _values(file)["REDIS_PASSWORD"]


def test_the_person_at_the_terminal_is_told_what_happened_but_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(env, "FILE", tmp_path / ".env")
    env.main()
    env.main()
    first, second = capsys.readouterr().out.splitlines()
    assert f"{len(env.SECRETS)} new secrets" in first
    assert "nothing changed" in second
    assert not any(value in first + second for value in _values(env.FILE).values() if len(value) >= MIN_SECRET_LENGTH)
