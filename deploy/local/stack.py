"""The embedded stack from start to stop."""

import functools
import json
import os
import urllib.request
from collections.abc import Callable

from chassis.process.clock import ClockNotSetError, require_set
from contracts.setup import setup_link
from deploy.local import schemas
from deploy.local.address import Address
from deploy.local.home import Home
from deploy.local.output import Output
from deploy.local.readiness import is_ready
from deploy.local.refusal import RefusalError
from deploy.local.supervisor import Supervisor
from deploy.local.topology import Ports, programs

OnceReady = Callable[[Address, Home, Output], None]


def run(default_home: str, once_ready: OnceReady) -> None:
    """Starts all programs, calls `once_ready`, and returns after a signal to stop."""
    try:
        require_set()
    except ClockNotSetError as error:
        raise RefusalError(str(error)) from error
    address = Address.from_environment(os.environ)
    home = Home.from_environment(os.environ, default_home)
    with home.in_use(address.public_url):
        address.require_free()
        schemas.require_known(home)
        ports = Ports.free()
        topology = programs(home, address, os.environ, ports)
        home.note_running(ports._asdict())
        output = Output([program.name for program in topology])
        output.say("outlay", "starting …")
        supervisor = Supervisor(topology, output)
        supervisor.run(
            functools.partial(is_ready, f"{address.local_url}/readyz"),
            functools.partial(once_ready, address, home, output),
        )


def announce(address: Address, home: Home, output: Output) -> None:
    """Prints the address of Outlay."""
    output.announce(
        f"Outlay is ready: {address.public_url}   (data in {home.path}; Ctrl-C stops it){_setup(address, home)}"
    )


def _setup(address: Address, home: Home) -> str:
    """Returns how to become the administrator, if there is none and others can reach this stack."""
    if address.is_local:
        return ""
    with urllib.request.urlopen(f"{address.local_url}/api/v1/auth/options", timeout=10) as response:  # noqa: S310 - our own
        if json.load(response)["administrator"]:
            return ""
    link = setup_link(address.public_url, home.secrets().secret_key)
    return f"\nThe administrator signs up here: {link}"
