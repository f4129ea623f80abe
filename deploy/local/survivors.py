"""Ends the programs if the supervisor is killed: after SIGKILL it can end nothing itself.

A tiny shell reads the process groups from a pipe that only the supervisor writes to. When the supervisor is
gone, however it went, the pipe ends, and the shell kills the groups that it last heard of: programs and all
that those started. This works the same on Linux and macOS, and needs no thread, polling or privilege.
"""

import contextlib
import subprocess
import threading
from collections.abc import Iterable
from typing import Self

_SCRIPT = """
while read -r groups; do last=$groups; done
[ -z "$last" ] || kill -KILL $last
"""


class SurvivorWatch:
    """Maintains the list of process groups to end with the supervisor. Leaving the `with` block ends the rest."""

    def __enter__(self) -> Self:
        self._lock = threading.Lock()
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", _SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        if self._shell.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._shell.stdin.close()
        self._shell.wait()

    def cover(self, groups: Iterable[int]) -> None:
        """Replaces the list."""
        line = " ".join(f"-{group}" for group in groups)
        with self._lock:
            if self._shell.stdin is not None:
                with contextlib.suppress(BrokenPipeError):
                    self._shell.stdin.write(f"{line}\n")
                    self._shell.stdin.flush()
