"""What the API gained and lost since a commit."""

import copy
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from deploy.api_diff import DOCUMENTS, UnknownCommitError, compare

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with the descriptions as they are now."""
    (tmp_path / "docs").mkdir()
    for document in DOCUMENTS:
        shutil.copyfile(ROOT / document, tmp_path / document)
    author = ["-c", "user.name=A developer", "-c", "user.email=developer@outlay.test"]
    for words in (["init", "--quiet"], ["add", "."], [*author, "commit", "--quiet", "--message", "Describe"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    return tmp_path


def test_the_same_has_no_difference(root: Path) -> None:
    assert compare("HEAD", root) == ([], [])


def test_a_removed_call_is_lost_and_a_new_one_gained(root: Path) -> None:
    file = root / "docs" / "openapi.json"
    document = json.loads(file.read_text("utf-8"))
    document["paths"]["/api/v1/receipts"] = copy.deepcopy(document["paths"].pop("/api/v1/categories"))
    file.write_text(json.dumps(document), "utf-8")

    lost, gained = compare("HEAD", root)

    assert "GET /api/v1/categories" in lost
    assert "GET /api/v1/receipts" in gained
    assert all("/api/v1/categories" in line for line in lost)


def test_an_unknown_commit_is_an_error(root: Path) -> None:
    with pytest.raises(UnknownCommitError, match="no-such-commit"):
        compare("no-such-commit", root)
