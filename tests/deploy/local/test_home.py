"""An instance's home keeps its secrets, and serves one stack at a time."""

import json
import stat
from pathlib import Path

import pytest

from deploy.local.home import Home, HomeInUseError, UnreadableFileError


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.from_environment({"OUTLAY_HOME": str(tmp_path / "home")})


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_made_once_and_kept(home: Home) -> None:
    first = home.secrets()

    assert home.secrets() == first
    assert len(set(vars(first).values())) == len(vars(first))
    assert all(len(value) == 64 for value in vars(first).values())


def test_only_its_owner_can_read_it(home: Home) -> None:
    home.secrets()

    assert mode(home.path / "secrets.json") == 0o600
    assert mode(home.path) == 0o700


def test_the_folder_of_the_databases_says_how_to_copy_it(home: Home) -> None:
    home.database_url("auth")

    text = (home.path / "data" / "README.txt").read_text("utf-8")
    assert "STOP OUTLAY BEFORE YOU COPY THIS FOLDER" in text


def test_a_newer_version_adds_its_secrets_and_keeps_the_others(home: Home) -> None:
    file = home.path / "secrets.json"
    file.write_text(json.dumps({"secret_key": "kept", "from_later": "kept too"}), "utf-8")

    assert home.secrets().secret_key == "kept"
    assert json.loads(file.read_text("utf-8"))["from_later"] == "kept too"


def test_a_running_stack_is_found_by_its_home_and_a_stopped_one_is_not(home: Home) -> None:
    assert home.running() is None
    with home.in_use("http://localhost:8000"):
        home.note_running({"redis": 20_001})
        assert home.running() == {"redis": 20_001}
    assert home.running() is None


def test_a_second_stack_is_told_where_the_first_one_is(home: Home) -> None:
    with (
        home.in_use("http://localhost:8000"),
        pytest.raises(HomeInUseError, match=r"already running on .*, at http://localhost:8000"),
        home.in_use("http://localhost:9000"),
    ):
        pass

    with home.in_use("http://localhost:9000"):
        assert (home.path / "run.lock").read_text("utf-8") == "http://localhost:9000"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"secret_key": 1}', "\ufeff{}"])
def test_secrets_that_cannot_be_read_are_refused_and_left_alone(home: Home, text: str) -> None:
    file = home.path / "secrets.json"
    file.write_text(text, "utf-8")

    with pytest.raises(UnreadableFileError, match=r"secrets\.json cannot be read: .* Put it back from a backup"):
        home.secrets()

    assert file.read_text("utf-8") == text


def test_a_note_of_a_running_stack_that_cannot_be_read_is_refused(home: Home) -> None:
    with home.in_use("http://localhost:8000"):
        (home.path / "run.json").write_text("{", "utf-8")
        with pytest.raises(UnreadableFileError, match="start it again with this version"):
            home.running()
