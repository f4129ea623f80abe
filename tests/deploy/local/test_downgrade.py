"""Data of a newer version: nothing starts, and one sentence says what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from chassis.database import migrations
from chassis.database.engine import Database
from chassis.database.startup import EXIT_CODE
from deploy.local import schemas
from deploy.local.address import Address
from deploy.local.home import Home
from deploy.local.ports import free_port
from deploy.local.program import CANNOT_START, Program
from deploy.local.refusal import RefusalError
from deploy.local.topology import programs
from deploy.local.workshop import ROOT

SERVICES = ("auth", "expenses", "insights")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.from_environment({"OUTLAY_HOME": str(tmp_path_factory.mktemp("newer") / "home")})
    for service in SERVICES:
        database = Database(home.database_url(service))
        migrations.upgrade(database, ROOT / "services" / service / "migrations")
        with database.write() as session:
            session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        database.close()
    return home


def stack(home: Home) -> dict[str, Program]:
    address = Address("127.0.0.1", free_port(), "http://localhost:8000")
    return {program.name: program for program in programs(home, address, os.environ)}


@pytest.mark.parametrize("name", [*SERVICES, "consumer", "worker"])
def test_a_process_says_so_and_ends(home: Home, name: str) -> None:
    program = stack(home)[name]

    ended = subprocess.run(
        program.command, env=dict(program.environment), cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.returncode == EXIT_CODE == CANNOT_START == 78
    (line,) = (ended.stdout + ended.stderr).splitlines()
    assert "was upgraded by a newer version of Outlay (its schema is 9999" in line


def test_make_run_says_so_and_starts_nothing(home: Home) -> None:
    told = os.environ | {"OUTLAY_HOME": str(home.path), "PORT": str(free_port())}
    ended = subprocess.run(
        [sys.executable, "-m", "deploy.local"], cwd=ROOT, env=told, capture_output=True, text=True, check=False
    )

    assert (ended.returncode, ended.stdout) == (1, "")
    assert "was upgraded by a newer version of Outlay (auth, expenses, insights)" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (home.path / "run.json").exists()


def test_an_error_of_the_check_itself_is_no_refusal(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is started either, and the message does not blame a newer version."""
    monkeypatch.setattr(schemas, "CHECK", "deploy.local.nowhere")
    with pytest.raises(RefusalError) as caught:
        schemas.require_known(home)
    assert "could not be found out" in str(caught.value)
    assert "No module named deploy.local.nowhere" in str(caught.value)
    assert "newer version" not in str(caught.value)


def test_what_was_made_by_this_version_starts(tmp_path: Path) -> None:
    home = Home.from_environment({"OUTLAY_HOME": str(tmp_path)})
    database = Database(home.database_url("auth"))
    migrations.upgrade(database, ROOT / "services" / "auth" / "migrations")
    database.close()

    asked = subprocess.run(
        [sys.executable, "-m", "deploy.local.schemas"],
        cwd=ROOT,
        env=os.environ | {"OUTLAY_HOME": str(tmp_path)},
        check=False,
    )

    assert asked.returncode == 0
