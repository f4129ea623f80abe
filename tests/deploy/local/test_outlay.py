"""The operator's command knows the stack that it speaks for."""

from pathlib import Path

import pytest

from deploy.local.home import Home
from deploy.local.outlay import environment
from deploy.local.refusal import RefusalError
from deploy.local.topology import Ports


def test_its_links_lead_to_where_the_stack_was_started(tmp_path: Path) -> None:
    here = {"OUTLAY_HOME": str(tmp_path)}
    home = Home.from_environment(here)
    with home.in_use("http://localhost:9000"):
        home.note_running(Ports.free()._asdict())
        assert environment(here, "auth")["OUTLAY_PUBLIC_URL"] == "http://localhost:9000"


def test_where_nothing_runs_it_says_how_to_start_it(tmp_path: Path) -> None:
    with pytest.raises(RefusalError, match="Start it with `make run`"):
        environment({"OUTLAY_HOME": str(tmp_path)}, "auth")


def test_a_stack_of_another_version_is_named_as_such(tmp_path: Path) -> None:
    here = {"OUTLAY_HOME": str(tmp_path)}
    home = Home.from_environment(here)
    with home.in_use("http://localhost:9000"):
        home.note_running({"redis": 20_001, "something-new": 20_002})
        with pytest.raises(RefusalError, match="is of another version than this command"):
            environment(here, "auth")
