"""An image holds the vocabulary, the chassis, one service and what its lock names; no secret, no rights."""

import re
import subprocess
from pathlib import Path

from deploy.local.tools import locked
from deploy.locks import ROOT

DOCKERFILE = (ROOT / "deploy" / "service.Dockerfile").read_text("utf-8")
EXACT = re.compile(r":v?\d+(\.\d+){1,2}(-[a-z-]+)?$")
"""Two numbers are a version of PostgreSQL, three one of anything else."""
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
    assert set(re.findall(r"^ARG (\w+)", DOCKERFILE, re.MULTILINE)) == {"SERVICE", "WEB", "PYTHON_IMAGE", "NODE_IMAGE"}


def test_what_must_stay_at_home_is_not_even_sent_to_the_builder() -> None:
    ignored = set((ROOT / ".dockerignore").read_text("utf-8").split("\n"))
    assert {".git", ".outlay", ".venv", ".env*", "**/node_modules"} <= ignored


def test_uv_is_fetched_in_the_version_and_with_the_hashes_of_the_lock(tmp_path: Path) -> None:
    """By the Dockerfile's own line, so that it cannot name another package or none."""
    (command,) = re.findall(r"^RUN (awk .* tools\.lock) > uv\.lock$", DOCKERFILE, re.MULTILINE)
    lock = ROOT / "deploy" / "local" / "tools.lock"
    (tmp_path / "tools.lock").write_text(lock.read_text("utf-8"), "utf-8")
    found = subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    assert found.startswith(locked("uv")), "the same as on a machine without an image"
    assert re.match(r"uv==[\d.]+ \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n)+    # via", found)
    assert re.findall(r"pip install (?!.*--require-hashes).*", DOCKERFILE.replace("\\\n", "")) == []


def test_images_are_named_by_exact_versions() -> None:
    named = dict(re.findall(r"^ARG (\w+_IMAGE)=(\S+)$", DOCKERFILE, re.MULTILINE))
    compose = (ROOT / "docker-compose.yml").read_text("utf-8")
    named |= dict(re.findall(r"image: \$\{(\w+_IMAGE):-([^}]+)\}", compose))

    assert named.keys() == {
        f"{name}_IMAGE" for name in ("PYTHON", "NODE", "REDIS", "POSTGRES", "PROMETHEUS", "GRAFANA")
    }
    assert [image for image in named.values() if not EXACT.search(image)] == []
    assert re.findall(r"^FROM (?!\$\{|scratch|web-)(\S+)", DOCKERFILE, re.MULTILINE) == []
    assert re.findall(r"image: (?!outlay-|\$)(\S+)", compose) == []
