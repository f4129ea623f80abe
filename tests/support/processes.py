"""Looking at processes from outside, as a person with `ps` would."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def is_alive(pid: int) -> bool:
    """Whether it runs; one that ended and is not yet collected does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return _state(pid) != "Z"


def is_stopped(pid: int) -> bool:
    """Whether SIGSTOP holds it."""
    return _state(pid) == "T"


def _state(pid: int) -> str:
    """As the kernel writes it; empty where that cannot be read."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def children(pid: int) -> dict[int, str]:
    """The processes that a process started, with their command lines."""
    return {child: command for child, parent, command in _all() if parent == pid}


def _all() -> Iterator[tuple[int, int, str]]:
    """Each with its parent; not by `ps` on Linux, where small machines have none."""
    if not Path("/proc/self/stat").exists():
        asked = ["ps", "-A", "-ww", "-o", "pid=,ppid=,command="]
        for line in subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines():
            pid, parent, its_command = line.split(maxsplit=2)
            yield int(pid), int(parent), its_command
        return
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            after_its_name = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()
            words = (folder / "cmdline").read_text("utf-8").split("\0")
            yield int(folder.name), int(after_its_name[1]), " ".join(words)
