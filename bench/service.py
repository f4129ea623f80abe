"""Starts a service as a process of its own for a measurement, and ends it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic, sleep

from deploy.local.readiness import is_ready

PATIENCE = 30.0


@contextmanager
def expenses_service(database_url: str, keys: Mapping[str, str], port: int) -> Iterator[str]:
    """The book's service; yields its base URL. It needs no Redis and no auth for what is measured."""
    told = {
        "DATABASE_URL": database_url,
        "SERVICE_KEYS": json.dumps(dict(keys)),
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "AUTH_URL": "http://127.0.0.1:1",
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "uvicorn", "services.expenses.app:create", "--factory", "--port", str(port)]
    with subprocess.Popen([*command, "--no-access-log"], env=os.environ | told) as process:
        deadline = monotonic() + PATIENCE
        while not is_ready(f"http://127.0.0.1:{port}/readyz"):
            if process.poll() is not None or monotonic() > deadline:
                process.terminate()
                raise RuntimeError("the service did not start")
            sleep(0.05)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
