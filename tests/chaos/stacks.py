"""The stack under test, seen from outside: its programs by name, twins included, their memory and their metrics."""

import json
import re
import subprocess
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from deploy.local.ports import free_ports
from deploy.local.readiness import is_ready
from tests.chaos.system import StackPlan, as_json
from tests.support.processes import children, is_alive
from tests.support.stack import Stack
from tests.support.waiting import until

MEASURED = ("expenses", "insights", "consumer")
"""Programs that show their metrics."""
_NAMES = {
    "redis-server": "redis",
    "valkey-server": "redis",
    "services.auth.app": "auth",
    "services.expenses.app": "expenses",
    "services.insights.app": "insights",
    "gateway.app": "gateway",
    "services.insights.consumer": "consumer",
    "services.insights.tasks": "worker",
}


class ChaosStack(Stack):
    """Run by `tests.chaos.system`."""

    programs = 9
    """The seven that every stack has, a second consumer and a second book."""

    def __init__(self, home: Path, databases: Mapping[str, str], links: Mapping[str, int], mutation: str) -> None:
        self.metrics = dict(zip(MEASURED, free_ports(len(MEASURED)), strict=True))
        plan = StackPlan(dict(databases), dict(links), self.metrics, mutation)
        self._said_before = ""
        super().__init__(home, "tests.chaos.system", CHAOS=as_json(plan))

    def whole_output(self) -> str:
        """Since its first start."""
        return self._said_before + self.output()

    def all_processes(self) -> list[tuple[str, int]]:
        """Name and pid of every program that runs."""
        if self._process is None:
            return []
        found = children(self._process.pid)
        return [(name, pid) for pid, command in found.items() if (name := _name(command))]

    def is_whole(self) -> bool:
        """Every program runs, every service answers, and the consumer has looked what it missed."""
        return (
            len(self.all_processes()) == self.programs
            and is_ready(f"http://127.0.0.1:{self.port}/readyz")
            and bool(self.metric("consumer", "outlay_last_sweep_timestamp_seconds"))
        )

    def end(self) -> None:
        """Ends it, however far it came; what does not end in peace is killed with its supervisor."""
        try:
            self.stop()
        except (AssertionError, subprocess.TimeoutExpired):
            if self._process is not None and self._process.poll() is None:
                self.black_out()

    def black_out(self) -> None:
        """Kills the supervisor, and waits until what it started is gone too."""
        left = [pid for _, pid in self.all_processes()]
        self._said_before = self.whole_output()
        self.kill()
        until(lambda: not any(is_alive(pid) for pid in left), what="everything to end with its supervisor")

    def redis_url(self) -> str:
        password = json.loads((self.home / "secrets.json").read_text("utf-8"))["redis_password"]
        port = json.loads((self.home / "links.json").read_text("utf-8"))["redis"]
        return f"redis://:{password}@127.0.0.1:{port}/0"

    def memory(self) -> dict[str, int]:
        """Resident kilobytes by program; of twins the larger."""
        sizes: dict[str, int] = {}
        for name, pid in self.all_processes():
            status = Path(f"/proc/{pid}/status")
            found = re.search(r"^VmRSS:\s+(\d+)", status.read_text("utf-8"), re.MULTILINE) if status.exists() else None
            sizes[name] = max(sizes.get(name, 0), int(found[1]) if found else 0)
        return sizes

    def metric(self, program: str, name: str) -> float | None:
        """A figure of one program; None where it cannot be asked."""
        url = f"http://127.0.0.1:{self.metrics[program]}/metrics"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                found = re.search(rf"^{name}(?:{{.*}})? (\S+)$", answer.read().decode(), re.MULTILINE)
        except OSError:
            return None
        return float(found[1]) if found else None


def _name(command: str) -> str | None:
    return next((name for part, name in _NAMES.items() if part in command), None)
