"""Rules of the house that no linter knows."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 250
GENERATED = re.compile(r"(^|/)(generated|node_modules)/|\.gen\.tsx?$|schema\.d\.ts$|/locales/")
NO_NAMES = re.compile(r"(^|/)(utils?|common|helpers?|managers?)(\.\w+$|/)")
FOREIGN = re.compile(
    r"registry\.npmjs\.org|registry\.yarnpkg\.com|files\.pythonhosted\.org|pypi\.org/simple"
    r"|(?<![\w.$~{}/-])/(?:home|Users|root|work)/[a-z]"
)
"""Hosts of registries, and absolute paths that exist on one machine only."""
PICTURES = {".png", ".jpg", ".ico", ".woff2", ".webp"}


def project_files() -> list[str]:
    """What git tracks, or would if asked to add everything."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(name for name in set(listed.stdout.splitlines()) if (ROOT / name).is_file())


@pytest.fixture(scope="module")
def files() -> list[str]:
    found = project_files()
    assert "tests/house/test_files.py" in found
    return found


def test_no_source_file_is_longer_than_a_person_likes_to_read(files: list[str]) -> None:
    sources = [name for name in files if name.endswith((".py", ".ts", ".tsx")) and not GENERATED.search(name)]
    lengths = {name: len((ROOT / name).read_text("utf-8").splitlines()) for name in sources}

    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_no_file_has_a_name_that_says_nothing(files: list[str]) -> None:
    assert [name for name in files if NO_NAMES.search(name)] == []


def test_no_file_names_a_registry_or_a_folder_of_one_machine(files: list[str]) -> None:
    texts = [name for name in files if Path(name).suffix not in PICTURES and name != "tests/house/test_files.py"]
    found = {name: match[0] for name in texts if (match := FOREIGN.search((ROOT / name).read_text("utf-8")))}

    assert found == {}
