"""`python -m tests.chaos.system`: the embedded stack with a few changes, run by the same supervisor.

Its databases may be PostgreSQL's; its connections go over the harness' links; there are two consumers, and a second
instance of the book with a relay of its own; metrics are on; what dies is started again at once, so that much can die.
"""

import functools
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from deploy.local import program
from deploy.local.address import Address
from deploy.local.home import Home
from deploy.local.output import Output
from deploy.local.ports import free_port
from deploy.local.program import Program
from deploy.local.readiness import is_ready
from deploy.local.refusal import plainly
from deploy.local.stack import announce
from deploy.local.supervisor import Supervisor
from deploy.local.topology import programs
from tests.chaos.links import FEED, REDIS_LINKS, TARGETS

CLOCK = "clock"
"""The file in the home that says by how many seconds the clock of all programs is wrong; none, and it is right."""
MUTANTS = Path(__file__).parent / "mutants"
CLOCKS = Path(__file__).parent / "clocks"
SERVICES = {
    "auth": "auth",
    "expenses": "expenses",
    "insights": "insights",
    "consumer": "insights",
    "worker": "insights",
}


@dataclass(frozen=True)
class StackPlan:
    """What the harness tells the stack, as JSON in the variable CHAOS."""

    databases: Mapping[str, str]
    """DATABASE_URL by service; empty for the SQLite files of the home."""
    links: Mapping[str, int]
    metrics: Mapping[str, int]
    """METRICS_PORT by program."""
    mutation: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_environment(cls) -> "StackPlan":
        return cls(**json.loads(os.environ["CHAOS"]))


def main() -> None:
    plan = StackPlan.from_environment()
    program.FIRST_PAUSE, program.LONGEST_PAUSE = 0.1, 0.5
    address = Address.from_environment(os.environ)
    home = Home.from_environment(os.environ)
    with home.in_use(address.public_url):
        address.require_free()
        chosen = changed(programs(home, address, os.environ), plan, home)
        output = Output([one.name for one in chosen])
        ready = functools.partial(is_ready, f"{address.local_url}/readyz")
        Supervisor(chosen, output).run(ready, functools.partial(announce, address, home, output))


def changed(usual: Sequence[Program], plan: StackPlan, home: Home) -> list[Program]:
    """The usual programs as this run wants them, and the second instances."""
    by_name = {one.name: one for one in usual}
    redis = _port(by_name["expenses"].environment["REDIS_URL"])
    book = _port(by_name["insights"].environment["EXPENSES_URL"])
    (home.path / TARGETS).write_text(json.dumps({"redis": redis, FEED: book}), "utf-8")
    chosen = [replace(one, environment=_environment(one, plan, home, redis, book)) for one in usual]
    of = {one.name: one for one in chosen}
    twin = free_port()
    second_book = replace(
        of["expenses"],
        name="expenses-2",
        command=tuple(str(twin) if word == str(book) else word for word in of["expenses"].command),
        environment={**of["expenses"].environment, "METRICS_PORT": "0"},
        later=True,
    )
    second_consumer = replace(
        of["consumer"],
        name="consumer-2",
        environment={
            **of["consumer"].environment,
            "METRICS_PORT": "0",
            "EXPENSES_URL": f"http://127.0.0.1:{twin}",
        },
    )
    return [*chosen, second_book, second_consumer]


def _environment(one: Program, plan: StackPlan, home: Home, redis: int, book: int) -> dict[str, str]:
    told = dict(one.environment)
    service = SERVICES.get(one.name)
    if service and plan.databases:
        told["DATABASE_URL"] = plan.databases[service]
    if service == "insights":  # the queue has no link of its own
        told["CELERY_BROKER_URL"] = told["REDIS_URL"]
    if one.name in REDIS_LINKS:
        told["REDIS_URL"] = told["REDIS_URL"].replace(f":{redis}/", f":{plan.links[one.name]}/")
    if service == "insights":
        told["EXPENSES_URL"] = told["EXPENSES_URL"].replace(f":{book}", f":{plan.links[FEED]}")
    told["METRICS_PORT"] = str(plan.metrics.get(one.name, 0))
    told |= {"PYTHONPATH": str(CLOCKS), "CHAOS_CLOCK": str(home.path / CLOCK)}
    if plan.mutation:
        told |= {"PYTHONPATH": str(MUTANTS), "CHAOS_MUTATION": plan.mutation}
    return told | dict(plan.settings)


def _port(url: str) -> int:
    return int(url.rpartition(":")[2].partition("/")[0])


def as_json(plan: StackPlan) -> str:
    fields: dict[str, Any] = {name: getattr(plan, name) for name in StackPlan.__dataclass_fields__}
    return json.dumps(fields)


if __name__ == "__main__":
    sys.exit(plainly(main))
