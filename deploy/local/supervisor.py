"""Keeps a set of programs running until a signal to stop. None of them outlives it, however it ends."""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType

from deploy.local.output import Output, sentence
from deploy.local.program import Child, Program
from deploy.local.refusal import RefusalError
from deploy.local.survivors import SurvivorWatch

PATIENCE, PATIENCE_IN_ALL = 4.0, 8.0
"""Seconds that a program, and all together, may take to finish their work when the stack is stopped."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """Starts programs together, restarts those that end, and stops them in reverse order."""

    def __init__(self, programs: Sequence[Program], output: Output) -> None:
        self._output = output
        self._watch = SurvivorWatch()
        self._children = [Child(program, output.say, self._cover, self._give_up) for program in programs]
        self._stop = threading.Event()
        self._was_ready = False
        self._reason: str | None = None
        self._hurry = False

    def run(self, is_ready: Callable[[], bool], once_ready: Callable[[], None]) -> None:
        """Returns after SIGINT, SIGTERM or SIGHUP, once everything has ended; a second signal speeds this up.

        Raises RefusalError, once everything has ended, when a program cannot start until a person acts.
        """
        before = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        with self._watch:
            try:
                self._start(later=False)
                while not self._stop.is_set() and not is_ready():
                    self._stop.wait(0.05)
                if not self._stop.is_set():
                    self._was_ready = True
                    self._start(later=True)
                    once_ready()
                self._stop.wait()
            finally:
                self._stop_all()
        for number, handler in before.items():
            signal.signal(number, handler)
        if self._reason is not None:
            raise RefusalError(self._reason)

    def stop(self) -> None:
        self._stop.set()

    def _start(self, *, later: bool) -> None:
        for child in self._children:
            if child.program.later == later:
                child.start()

    def _stop_all(self) -> None:
        self._output.say("outlay", "stopping …")
        deadline = time.monotonic() + PATIENCE_IN_ALL
        for child in self._children:
            if child.program.later:  # nothing waits for these, so they can end side by side
                child.ask_to_end()
        for child in reversed(self._children):
            remaining = 0 if self._hurry else deadline - time.monotonic()
            child.stop(max(0, min(PATIENCE, remaining)))
        self._output.say("outlay", "stopped")

    def _give_up(self, reason: str) -> bool:
        """Ends everything if it was never ready. Later failures are retried, since a full disk may have room then."""
        if self._was_ready:
            return False
        if self._reason is None:
            self._reason = sentence(reason)
        self._stop.set()
        return True

    def _cover(self) -> None:
        self._watch.cover(child.group for child in self._children if child.group is not None)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._hurry = self._stop.is_set()
        self._stop.set()
