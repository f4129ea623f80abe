"""The whole embedded stack, run as `make run` runs it, on ports and in a home of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Self

from deploy.local.ports import free_port
from deploy.local.readiness import is_ready
from deploy.local.workshop import ROOT
from tests.support.processes import children
from tests.support.waiting import until

GENEROUS = {"GATEWAY_RATE_LIMIT": "100000/minute", "GATEWAY_SIGN_IN_LIMIT": "10000/minute"}
"""The limiters stay on the path; tests about them set their own."""


class Stack:
    """Start it with `with`, or step by step to stop and start it again on the same home and port."""

    def __init__(self, home: Path, module: str = "deploy.local", **settings: str) -> None:
        """`settings` are environment variables that differ from the defaults."""
        self.command = [sys.executable, "-m", module]
        self.tree = ROOT
        """The checkout whose code runs."""
        self.home = home
        self.port = free_port()
        self.base_url = f"http://localhost:{self.port}"
        self.log = home.with_suffix(".log")
        self._environment = os.environ | GENEROUS | settings
        self._environment |= {"PORT": str(self.port), "OUTLAY_HOME": str(home)}
        self.environment = self._environment
        """Its environment; commands for it need the same."""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=self.tree,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until(self._is_ready, what="the stack to be ready", timeout=90)

    def stop(self) -> None:
        """As Ctrl-C does."""
        if self._process is not None:
            self._process.terminate()
            code = self._process.wait(timeout=60)
            self._process = None
            assert code == 0, self.output()

    def kill(self) -> None:
        """The supervisor alone; what it started has to notice."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def processes(self) -> dict[str, int]:
        """Pids of the running programs: `redis auth expenses insights gateway consumer worker`."""
        assert self._process is not None
        running = children(self._process.pid)
        return {name: pid for pid, command in running.items() if (name := _name(command))}

    def output(self) -> str:
        """Since its last start."""
        return self.log.read_text("utf-8")

    def _is_ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"the stack ended while starting:\n{self.output()}"
        return "Outlay is ready" in self.output() and is_ready(f"http://127.0.0.1:{self.port}/readyz")

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            # What does not get ready must not go on for ever: nothing else would end it.
            if self._process is not None:
                self._process.terminate()
                self._process.wait(timeout=60)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _name(command: str) -> str | None:
    parts = {
        "redis-server": "redis",
        "valkey-server": "redis",
        "services.auth.app": "auth",
        "services.expenses.app": "expenses",
        "services.insights.app": "insights",
        "gateway.app": "gateway",
        "services.insights.consumer": "consumer",
        "services.insights.tasks": "worker",
    }
    return next((name for part, name in parts.items() if part in command), None)
