"""OUTLAY_HOME: the folder with one instance's data and secrets. One stack uses it at a time."""

import fcntl
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.refusal import RefusalError
from deploy.local.workshop import ROOT
from deploy.private_file import write_private

_ABOUT_DATA = """\
The databases of Outlay.

STOP OUTLAY BEFORE YOU COPY THIS FOLDER. While it runs, the newest payments are in the files that end in -wal, which
change while they are copied: such a copy may lack them, or not open at all. A synchronising program (Dropbox, Syncthing
and the like) copies just so, and must not be pointed at this folder.

With Outlay stopped, a copy of the whole folder that this one is in is a backup: it has secrets.json too.

before-upgrade/ holds copies that Outlay itself made before an upgrade. It deletes them after 30 days.
"""


class UnreadableFileError(RefusalError):
    def __init__(self, file: Path, advice: str) -> None:
        super().__init__(f"{file} cannot be read: it is damaged, or another version of Outlay wrote it. {advice}")


_HOST_CHECK = "host_check"


class HomeInUseError(RefusalError):
    def __init__(self, home: Path, address: str) -> None:
        super().__init__(
            f"Outlay is already running on {home}, at {address or 'an address of its own'}. "
            "Stop that one first, or give this one a folder of its own: OUTLAY_HOME=…"
        )


@dataclass(frozen=True, repr=False)
class Secrets:
    """Secrets of an instance. Each has 256 bits; created once, stored between runs."""

    secret_key: str
    redis_password: str
    expenses_to_auth: str
    insights_to_expenses: str
    gateway_to_auth: str
    auth_to_expenses: str
    auth_to_insights: str


@dataclass(frozen=True)
class Home:
    path: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], default: str = ".outlay") -> "Home":
        """Resolves a relative OUTLAY_HOME in the checkout, wherever the command is called from."""
        home = cls.named_in(environment, default)
        home.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return home

    @classmethod
    def named_in(cls, environment: Mapping[str, str], default: str = ".outlay") -> "Home":
        """Returns the home, also if the folder does not exist yet."""
        return cls(ROOT / Path(environment.get("OUTLAY_HOME") or default).expanduser())

    def database_url(self, service: str) -> str:
        data = self.path / "data"
        data.mkdir(exist_ok=True, mode=0o700)
        if not (data / "README.txt").exists():
            (data / "README.txt").write_text(_ABOUT_DATA, "utf-8")
        return f"sqlite:///{data / service}.sqlite"

    def secrets(self) -> Secrets:
        """Returns the stored secrets. Creates and stores those that are new in this version."""
        file = self.path / "secrets.json"
        stored = _texts(file, "Put it back from a backup; without it, all users have to sign in again.")
        made = {name: secrets.token_hex(32) for name in Secrets.__annotations__ if name not in stored}
        if not file.exists():
            made[_HOST_CHECK] = "refuse"
        if made:
            write_private(file, json.dumps(stored | made, indent=2) + "\n")
        known = stored | made
        return Secrets(**{name: known[name] for name in Secrets.__annotations__})

    def host_check(self) -> str:
        """Returns `refuse`, or `warn` if a version that accepted any host name created the home."""
        stored: dict[str, str] = json.loads((self.path / "secrets.json").read_text("utf-8"))
        return stored.get(_HOST_CHECK, "warn")

    def note_running(self, ports: Mapping[str, int]) -> None:
        """Stores the inner ports of the stack that uses this home, for commands that need them."""
        write_private(self._running, json.dumps(ports) + "\n")

    def running(self) -> dict[str, int] | None:
        """Returns the inner ports of the stack that uses this home, or None if none does."""
        lock = self.path / "run.lock"
        if not (lock.exists() and self._running.exists()):
            return None
        with lock.open("a", encoding="utf-8") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _numbers(self._running, "Stop that Outlay, and start it again with this version.")
        return None

    def address(self) -> str:
        """Returns the public URL of the stack that uses this home, or used it last."""
        return (self.path / "run.lock").read_text("utf-8").strip()

    @property
    def _running(self) -> Path:
        return self.path / "run.json"

    @contextmanager
    def in_use(self, address: str) -> Iterator[None]:
        """Locks this home until the stack has ended. The lock ends with the process in any case."""
        with (self.path / "run.lock").open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise HomeInUseError(self.path, self.address()) from None
            lock.truncate(0)
            lock.write(address)
            lock.flush()
            yield


def _texts(file: Path, advice: str) -> dict[str, str]:
    """Returns the texts of a file by name, if it exists; refuses other content."""
    content = _object(file, advice) if file.exists() else {}
    if not all(isinstance(value, str) for value in content.values()):
        raise UnreadableFileError(file, advice)
    return content


def _numbers(file: Path, advice: str) -> dict[str, int]:
    content = _object(file, advice)
    if not all(isinstance(value, int) for value in content.values()):
        raise UnreadableFileError(file, advice)
    return content


def _object(file: Path, advice: str) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise UnreadableFileError(file, advice) from error
    if not isinstance(content, dict):
        raise UnreadableFileError(file, advice)
    return content
