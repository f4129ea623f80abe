"""A release is a version, a section of the changelog, a commit and a tag, or nothing."""

import subprocess
from pathlib import Path

import pytest

from deploy.locks import SERVICES
from deploy.release import ReleaseError, next_version, release, with_version

ROOT = Path(__file__).resolve().parents[2]
CHANGELOG = "# Changelog\n\n<!-- releases -->\n\n## [0.1.0]\n\n- The first.\n"


def git(root: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small repository with our own settings of towncrier, and one fragment."""
    for variable in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{variable}_NAME", "A developer")
        monkeypatch.setenv(f"GIT_{variable}_EMAIL", "developer@outlay.test")
    for folder in SERVICES:
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "pyproject.toml").write_text('[project]\nversion = "0.1.0"\n', "utf-8")
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"), "utf-8")
    (tmp_path / "Makefile").write_text("client:\n\t@echo described >description\n", "utf-8")
    (tmp_path / "description").write_text("of 0.1.0\n", "utf-8")
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG, "utf-8")
    (tmp_path / "changelog.d").mkdir()
    (tmp_path / "changelog.d" / "+receipts.added.md").write_text("Receipts can be kept.\n", "utf-8")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "Start")
    return tmp_path


def test_a_release_has_the_version_everywhere_and_a_section_of_the_changelog(root: Path) -> None:
    assert release("0.2.0", root) == "v0.2.0"

    assert git(root, "describe") == "v0.2.0"
    assert git(root, "status", "--porcelain") == ""
    assert git(root, "log", "-1", "--format=%s") == "Release 0.2.0"
    changelog = (root / "CHANGELOG.md").read_text("utf-8")
    assert "- Receipts can be kept.\n" in changelog
    assert changelog.index("## [0.2.0] - 20") < changelog.index("## [0.1.0]")
    assert not list((root / "changelog.d").glob("*.added.md"))
    assert (root / "description").read_text("utf-8") == "described\n"
    for folder in (".", *SERVICES):
        assert '\nversion = "0.2.0"\n' in (root / folder / "pyproject.toml").read_text("utf-8")


def test_nothing_is_released_beside_uncommitted_changes(root: Path) -> None:
    (root / "CHANGELOG.md").write_text("other", "utf-8")

    with pytest.raises(ReleaseError, match="uncommitted"):
        release("0.2.0", root)

    assert git(root, "tag") == ""


def test_nothing_is_released_without_fragments(root: Path) -> None:
    git(root, "rm", "--quiet", "changelog.d/+receipts.added.md")
    git(root, "commit", "--quiet", "--message", "Remove it")

    with pytest.raises(ReleaseError, match="nothing to release"):
        release("0.2.0", root)


def test_a_step_that_fails_leaves_everything_as_it_was(root: Path) -> None:
    (root / "Makefile").write_text("client:\n\t@echo no network; exit 1\n", "utf-8")
    git(root, "commit", "--quiet", "--all", "--message", "Break it")

    with pytest.raises(ReleaseError, match="no network"):
        release("0.2.0", root)

    assert git(root, "status", "--porcelain") == git(root, "tag") == ""
    assert (root / "CHANGELOG.md").read_text("utf-8") == CHANGELOG


def test_a_version_is_released_once(root: Path) -> None:
    git(root, "tag", "v0.2.0")

    with pytest.raises(ReleaseError, match="already"):
        release("0.2.0", root)


@pytest.mark.parametrize("given", ["", "v0.2.0", "0.2", "0.1.0", "0.0.9", "next"])
def test_a_version_is_three_numbers_above_the_current_ones(given: str) -> None:
    with pytest.raises(ReleaseError):
        next_version(given, "0.1.0")


def test_numbers_are_compared_as_numbers() -> None:
    assert next_version("0.10.0", "0.9.0") == "0.10.0"


def test_only_the_version_of_the_project_changes() -> None:
    text = '[project]\nversion = "0.1.0"\n[tool.other]\nversion = "0.1.0"\n'

    assert with_version(text, "1.0.0") == '[project]\nversion = "1.0.0"\n[tool.other]\nversion = "0.1.0"\n'
