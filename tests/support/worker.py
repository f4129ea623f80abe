"""A real Celery worker in processes of its own, as it runs in production."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import IO, Any, Self

from deploy.local.ports import free_port
from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "services.insights.tasks"]


class CeleryWorker:
    """One parent and its pool; `log` holds its lines."""

    def __init__(self, folder: Path, database_url: str, redis_url: str, **settings: str) -> None:
        self.metrics_port = free_port()
        self.log = folder / f"worker-{self.metrics_port}.log"
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        self._environment = kept | {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "METRICS_PORT": str(self.metrics_port),
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._out: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self._out = self.log.open("wb")
        self._process = subprocess.Popen(
            COMMAND, cwd=ROOT, env=self._environment, stdout=self._out, stderr=self._out, start_new_session=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.kill(signal.SIGTERM)

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """SIGKILL ends parent and pool at once; SIGTERM lets them finish."""
        if self._process is not None:
            if how is signal.SIGKILL:
                os.killpg(self._process.pid, how)
            else:
                self._process.send_signal(how)
            self._process.wait(timeout=20)
            self._process = None
        if self._out is not None:
            self._out.close()

    def wait(self, patience: float = 20) -> int:
        """Its exit code, once it has ended by itself."""
        assert self._process is not None
        return self._process.wait(timeout=patience)

    def lines(self) -> list[dict[str, Any]]:
        """What it has logged."""
        texts = self.log.read_text("utf-8").splitlines()
        return [json.loads(text) for text in texts if text.startswith("{")]

    def until_ready(self) -> None:
        until(lambda: any("ready" in str(line["event"]) for line in self.lines()), what="the worker to be ready")

    def metrics(self) -> str:
        """What it tells Prometheus; empty before it does."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=2) as answer:
                text: str = answer.read().decode()
                return text
        except OSError:
            return ""
