"""Each program of the embedded stack is told what it needs, and no other program hears of it."""

import json
from pathlib import Path

from deploy.local.address import Address
from deploy.local.home import Home
from deploy.local.topology import programs

GIVEN = {
    "SMTP_URL": "smtp://mail.example",
    "MAIL_FROM": "outlay@example.org",
    "OUTLAY_REGISTRATION": "invite",
    "KEY_ROTATION_DAYS": "30",
    "SESSION_IDLE_DAYS": "7",
}


def told(folder: Path) -> dict[str, dict[str, str]]:
    stack = programs(Home(folder), Address("127.0.0.1", 8000, "http://localhost:8000"), GIVEN)
    return {program.name: dict(program.environment) for program in stack}


def test_what_is_for_auth_reaches_auth_alone(tmp_path: Path) -> None:
    environments = told(tmp_path)

    assert {name: environments["auth"][name] for name in GIVEN} == GIVEN
    assert all(not GIVEN.keys() & environment.keys() for name, environment in environments.items() if name != "auth")
    assert environments["auth"]["EXPENSES_URL"] == environments["gateway"]["EXPENSES_URL"]
    assert environments["auth"]["INSIGHTS_URL"] == environments["gateway"]["INSIGHTS_URL"]


def test_each_pair_has_a_key_of_its_own_that_only_its_two_know(tmp_path: Path) -> None:
    holders: dict[str, dict[str, str]] = {}
    for name, environment in told(tmp_path).items():
        for pair, key in json.loads(environment.get("SERVICE_KEYS", "{}")).items():
            holders.setdefault(pair, {})[name] = key

    assert {pair: set(held) - {"consumer", "worker"} for pair, held in holders.items()} == {
        pair: set(pair.split(">"))
        for pair in ("gateway>auth", "expenses>auth", "insights>expenses", "auth>expenses", "auth>insights")
    }
    assert len({key for held in holders.values() for key in held.values()}) == len(holders)
