"""The lock files: the pyprojects from which each is made, and whether it still matches them.

`python -m deploy.locks` makes them anew (`--upgrade` also takes newer versions). Each begins with a digest of
what it was made from, so that telling whether it is out of date needs neither uv nor a network.
"""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("services/auth", "services/expenses", "services/insights", "gateway")


@dataclass(frozen=True)
class Lock:
    path: str
    projects: tuple[str, ...]
    """Folders of the pyprojects whose dependencies it has."""
    groups: tuple[str, ...] = ()
    """Dependency groups of the root pyproject that it has too."""
    constraint: str | None = None
    """The lock file whose versions it shares."""

    def file(self) -> Path:
        return ROOT / self.path


EVERYTHING = Lock("requirements.lock", (".", *SERVICES), groups=("dev", "bench"))
TOOLS = Lock("deploy/local/tools.lock", (), groups=("tools",))
LOCKS = (
    EVERYTHING,
    *(Lock(f"{folder}/requirements.lock", (folder,), constraint=EVERYTHING.path) for folder in SERVICES),
    TOOLS,
)


def digest(lock: Lock) -> str:
    """Returns a digest of the requirements of a lock file, in 16 hexadecimal digits."""
    root = _pyproject(".")
    requirements = [_pyproject(folder)["project"].get("dependencies", []) for folder in lock.projects]
    requirements += [root["dependency-groups"][group] for group in lock.groups]
    made_from = [root["project"]["requires-python"], requirements]
    if lock.constraint is not None:
        made_from.append(digest(EVERYTHING))
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()[:16]


def recorded_digest(lock: Lock) -> str | None:
    """Returns the digest in a lock file's first line, or None if there is none."""
    if not lock.file().exists():
        return None
    with lock.file().open(encoding="utf-8") as lines:
        match = re.fullmatch(r"# made from ([0-9a-f]{16})", lines.readline().rstrip())
    return match[1] if match else None


def compile_lock(uv: str, lock: Lock, *, upgrade: bool) -> None:
    command = [uv, "pip", "compile", "--universal", "--generate-hashes", "--no-emit-index-url", "--quiet"]
    command += ["--python-version", "3.11", "--custom-compile-command", "make lock"]
    command += ["--output-file", lock.path]
    command += ["--no-deps"] if lock is TOOLS else []
    command += ["--upgrade"] if upgrade else []
    command += ["--constraint", lock.constraint] if lock.constraint else []
    command += [f"--group={group}" for group in lock.groups]
    command += [f"{folder}/pyproject.toml" for folder in lock.projects]
    subprocess.run(command, cwd=ROOT, check=True)
    lock.file().write_text(f"# made from {digest(lock)}\n{lock.file().read_text('utf-8')}", "utf-8")


def _pyproject(folder: str) -> dict[str, dict[str, list[str]]]:
    with (ROOT / folder / "pyproject.toml").open("rb") as file:
        content: dict[str, dict[str, list[str]]] = tomllib.load(file)
    return content


def main() -> None:
    from deploy.local.tools import find_uv  # noqa: PLC0415 - finding uv reads the tools lock named above

    uv = find_uv()
    for lock in LOCKS:
        compile_lock(uv, lock, upgrade="--upgrade" in sys.argv)
        print(f"{lock.path}: {lock.file().read_text('utf-8').count('==')} packages")


if __name__ == "__main__":
    main()
