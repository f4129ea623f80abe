"""`python -m deploy.release X.Y.Z`: makes a release commit and its tag. Nothing is pushed.

Sets the version of every pyproject, turns the fragments in changelog.d/ into a section of CHANGELOG.md, and describes
the API under the new version.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from deploy.locks import SERVICES

ROOT = Path(__file__).resolve().parent.parent
VERSION = re.compile(r"\d+\.\d+\.\d+")


class ReleaseError(Exception):
    """What stands in the way of a release, as a sentence."""


def next_version(given: str, current: str) -> str:
    """The version, if it is one and above the current one. Raises `ReleaseError`."""
    if not VERSION.fullmatch(given):
        raise ReleaseError(f"A version is three numbers such as 0.2.0, not {given!r}.")
    if _numbers(given) <= _numbers(current):
        raise ReleaseError(f"{given} is not above the current version, {current}.")
    return given


def with_version(pyproject: str, version: str) -> str:
    """The text of a pyproject.toml with another version."""
    return re.sub(r'^version = "[^"]*"$', f'version = "{version}"', pyproject, count=1, flags=re.MULTILINE)


def release(given: str, root: Path = ROOT) -> str:
    """Returns the name of the tag. Raises `ReleaseError`, and then puts every file back as it was committed."""
    pyprojects = [root / folder / "pyproject.toml" for folder in (".", *SERVICES)]
    current: str = tomllib.loads(pyprojects[0].read_text("utf-8"))["project"]["version"]
    version = next_version(given, current)
    if _run(root, "git", "status", "--porcelain"):
        raise ReleaseError("There are uncommitted changes. Commit or remove them first.")
    if not any((root / "changelog.d").glob("*.*.md")):
        raise ReleaseError("changelog.d/ has no fragments, so there is nothing to release.")
    if _run(root, "git", "tag", "--list", f"v{version}"):
        raise ReleaseError(f"There is a tag v{version} already.")
    try:
        for file in pyprojects:
            file.write_text(with_version(file.read_text("utf-8"), version), "utf-8")
        _run(root, sys.executable, "-m", "towncrier", "build", "--yes", "--version", version)
        _run(root, "make", "client")
        _run(root, "git", "commit", "--all", "--message", f"Release {version}")
    except ReleaseError:
        _run(root, "git", "reset", "--hard", "--quiet")  # safe, since nothing was uncommitted
        raise
    _run(root, "git", "tag", "--annotate", f"v{version}", "--message", f"Outlay {version}")
    return f"v{version}"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


def _run(root: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseError(f"{' '.join(command[:3])} failed:\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


if __name__ == "__main__":
    try:
        print(f"Tagged {release(sys.argv[1] if len(sys.argv) > 1 else '')}. Push it with git push --follow-tags.")
    except ReleaseError as error:
        sys.exit(str(error))
