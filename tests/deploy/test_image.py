"""An image holds the vocabulary, the chassis, one service and what its lock names; no secret, no rights."""

import re

from deploy.locks import ROOT

DOCKERFILE = (ROOT / "deploy" / "service.Dockerfile").read_text("utf-8")
FINAL = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]


def test_only_what_a_service_runs_on_is_in_it() -> None:
    copied = re.findall(r"^COPY (?:--\S+ )*(\S+)", FINAL, re.MULTILINE)
    assert copied == [
        "/venv",
        "contracts",
        "chassis",
        "${SERVICE}",
        "/web/dist",
        "docs/openapi.json",
        "deploy/start.sh",
        "deploy/fresh.py",
    ]


def test_packages_are_installed_hash_by_hash_from_the_lock_of_the_service() -> None:
    assert "COPY ${SERVICE}/requirements.lock ./" in DOCKERFILE
    assert re.search(r"uv pip install .*--require-hashes -r requirements\.lock", DOCKERFILE)
    assert "npm ci" in DOCKERFILE


def test_it_runs_without_rights() -> None:
    ((user, group),) = re.findall(r"^USER ([1-9]\d*):([1-9]\d*)$", FINAL, re.MULTILINE)
    assert f'"outlay:x:{group}:" >> /etc/group' in FINAL, "a name, without which Celery warns of superuser rights"
    assert f'"outlay:x:{user}:{group}:' in FINAL


def test_no_setting_and_no_secret_is_baked_in() -> None:
    told = set(re.findall(r"(\w+)=", " ".join(re.findall(r"^ENV (.*)$", DOCKERFILE, re.MULTILINE))))
    assert told == {
        "UV_PYTHON_DOWNLOADS",
        "UV_LINK_MODE",
        "UV_COMPILE_BYTECODE",
        "PATH",
        "PYTHONUNBUFFERED",
        "MALLOC_ARENA_MAX",
    }
    assert set(re.findall(r"^ARG (\w+)", DOCKERFILE, re.MULTILINE)) == {"SERVICE", "WEB"}


def test_what_must_stay_at_home_is_not_even_sent_to_the_builder() -> None:
    ignored = set((ROOT / ".dockerignore").read_text("utf-8").split("\n"))
    assert {".git", ".outlay", ".venv", ".env*", "**/node_modules"} <= ignored
