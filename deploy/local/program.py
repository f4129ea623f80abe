"""A program of the stack: its command, and a thread that keeps it running."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO

from deploy.local.workshop import ROOT

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 15.0
"""Seconds before a program is restarted; doubled each time that it ends soon after its start."""
SETTLED = 10.0
"""Seconds after which a program counts as having started well."""
CANNOT_START = os.EX_CONFIG
"""Exit code of a program that cannot start until an operator changes something (`chassis.database.startup`)."""

Say = Callable[[str, str], None]
"""Prints a line under a name."""


@dataclass(frozen=True)
class Program:
    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Its complete environment; it inherits nothing."""
    stdin: str = field(default="", repr=False)
    """Its standard input, read at the start. Unlike arguments, other users of the machine cannot see it."""
    quiet: bool = False
    """Whether its output is shown only if it ends unexpectedly."""
    later: bool = False
    """Whether it starts after the stack is ready, so that it does not slow the start down."""


class Child:
    """Keeps a program running. Each run has a session of its own, so that Ctrl-C does not reach it."""

    def __init__(
        self, program: Program, say: Say, changed: Callable[[], None], cannot_start: Callable[[str], bool]
    ) -> None:
        """`changed` is called whenever its process group starts or ends.

        `cannot_start` is called, with the last line of its output, when it ended with CANNOT_START; it is not started
        again where that returns True.
        """
        self.program = program
        self.group: int | None = None
        self._say = say
        self._changed = changed
        self._cannot_start = cannot_start
        self._process: subprocess.Popen[bytes] | None = None
        self._starting = threading.Lock()
        self._stopping = threading.Event()
        self._unsaid: deque[str] = deque(maxlen=20)
        self._last_line = ""
        self._thread = threading.Thread(target=self._keep_running, name=program.name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def ask_to_end(self) -> None:
        """Sends SIGTERM once, since some programs drop their work at a second one."""
        with self._starting:
            if not self._stopping.is_set() and self._process is not None:
                self._process.terminate()
            self._stopping.set()

    def stop(self, patience: float) -> None:
        """Ask it to end, and after `patience` seconds insist."""
        self.ask_to_end()
        if not self._thread.is_alive():
            return
        self._thread.join(patience)
        if self._process is not None:
            _kill_group(self._process.pid)
        self._thread.join()

    def _keep_running(self) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            began = time.monotonic()
            code = self._run_once()
            if code == CANNOT_START and not self._stopping.is_set() and self._cannot_start(self._last_line):
                return
            if time.monotonic() - began > SETTLED:
                pause = FIRST_PAUSE
            if self._stopping.is_set():
                return
            while self._unsaid:
                self._say(self.program.name, self._unsaid.popleft())
            self._say("outlay", f"{self.program.name} {_ending(code)}; starting it again in {pause:g} s")
            self._stopping.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _run_once(self) -> int | OSError:
        """Runs it to its end; returns the exit code, or why it could not be started."""
        with self._starting:
            if self._stopping.is_set():
                return 0
            try:
                process = self._process = self._popen()
            except OSError as error:
                return error
            self.group = process.pid
            self._changed()
        listener = threading.Thread(target=self._listen, args=(process.stdout,), daemon=True)
        listener.start()
        code = process.wait()
        _kill_group(process.pid)  # its children must not outlive it, or they would do its work twice
        self.group = None
        self._changed()
        listener.join()
        return code

    def _popen(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            self.program.command,
            cwd=ROOT,
            env=dict(self.program.environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if process.stdin is not None:
            with contextlib.suppress(BrokenPipeError), process.stdin as stdin:
                stdin.write(self.program.stdin.encode())
        return process

    def _listen(self, output: IO[bytes]) -> None:
        with output:
            for line in output:
                text = line.decode(errors="replace").rstrip()
                self._last_line = text
                if self.program.quiet:
                    self._unsaid.append(text)
                else:
                    self._say(self.program.name, text)


def _ending(how: int | OSError) -> str:
    if isinstance(how, OSError):
        return f"cannot be started ({how})"
    return f"was ended by {signal.Signals(-how).name}" if how < 0 else f"ended with code {how}"


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
