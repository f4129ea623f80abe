"""What the demo remembers of its account."""

import json
from pathlib import Path

import pytest

from deploy.local.demo import DemoAccount, remembered
from deploy.local.home import Home, UnreadableFileError


def test_what_a_later_version_notes_besides_is_left_aside(tmp_path: Path) -> None:
    kept = {"password": "a-b", "until": "2026-11-26", "loaded": True, "colour": "green"}
    (tmp_path / "demo.json").write_text(json.dumps(kept), "utf-8")

    assert remembered(Home(tmp_path)) == DemoAccount("a-b", "2026-11-26", loaded=True)


@pytest.mark.parametrize("text", ["", "[]", "null", '{"until": "2026-11-26"}'])
def test_what_cannot_be_read_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "demo.json").write_text(text, "utf-8")

    with pytest.raises(UnreadableFileError, match=r"demo\.json cannot be read"):
        remembered(Home(tmp_path))
