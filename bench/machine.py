"""What a run was measured on, in one sentence."""

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from deploy.local.workshop import ROOT


def describe(load: float) -> str:
    """`load` is what the machine was doing before the run began."""
    day = datetime.now(UTC).date()
    words = [f"{day:%-d %B %Y}", f"commit {_commit()}", f"{_processor()}, {os.cpu_count()} cores", _memory()]
    words += [_system(), f"Python {platform.python_version()}", f"other work on it: load {load:.1f}"]
    return f"*{'; '.join(word for word in words if word)}.*"


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def _processor() -> str:
    return _found(r"^model name\s*: (.+)$", "/proc/cpuinfo") or platform.processor() or platform.machine()


def _memory() -> str:
    kilobytes = _found(r"^MemTotal:\s+(\d+)", "/proc/meminfo")
    return f"{int(kilobytes) / 1024**2:.0f} GiB" if kilobytes else ""


def _system() -> str:
    return _found(r'^PRETTY_NAME="(.+)"$', "/etc/os-release") or platform.system()


def _found(pattern: str, file: str) -> str | None:
    path = Path(file)
    match = re.search(pattern, path.read_text("utf-8"), re.MULTILINE) if path.exists() else None
    return match[1] if match else None
