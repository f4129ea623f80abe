"""Looking at processes from outside, as a person with `ps` would."""

import os
import subprocess
from pathlib import Path


def is_alive(pid: int) -> bool:
    """Whether it runs; one that ended and is not yet collected does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text("utf-8").rpartition(")")[2].split()[0] == "Z")


def children(pid: int) -> dict[int, str]:
    """The processes that a process started, with their command lines."""
    listed = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,command="], capture_output=True, text=True, check=True
    )
    rows = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
    return {int(row[0]): row[2] for row in rows if int(row[1]) == pid}
