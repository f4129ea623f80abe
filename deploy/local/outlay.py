"""`python -m deploy.local.outlay status`: runs the operator's commands in the stack of this machine."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace

from deploy.local.address import Address
from deploy.local.home import Home
from deploy.local.refusal import RefusalError, plainly
from deploy.local.topology import Ports, programs
from deploy.local.workshop import ROOT

MODULES = {"insights": "services.insights.cli", "auth": "services.auth.cli"}
"""The commands, by the process whose environment they need."""


def environment(given: Mapping[str, str], process: str) -> dict[str, str]:
    """Returns the environment of that running process, which the command needs too."""
    home = Home.named_in(given)
    ports = home.running()
    if ports is None:
        raise RefusalError(
            f"Outlay is not running on {home.path}, and this command has to ask it. Start it with `make run`; "
            "where it runs on another folder (`make demo` has .outlay/demo), name that: OUTLAY_HOME=…"
        )
    if set(ports) != set(Ports._fields):
        raise RefusalError(
            f"The Outlay that runs on {home.path} is of another version than this command. "
            "Stop it, and start it again with this version."
        )
    address = replace(Address.from_environment(given), public_url=home.address())
    stack = programs(home, address, given, Ports(**ports))
    return next(dict(program.environment) for program in stack if program.name == process)


def run(words: Sequence[str]) -> None:
    """Replaces this process by the command: `auth …` is that of auth, anything else that of insights."""
    process, words = ("auth", words[1:]) if words[:1] == ["auth"] else ("insights", words)
    settings = environment(os.environ, process)
    os.chdir(ROOT)
    os.execve(sys.executable, [sys.executable, "-m", MODULES[process], *words], settings)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    sys.exit(plainly(lambda: run(sys.argv[1:])))
