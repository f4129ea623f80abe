"""The processes that every way of running Outlay has to start, and what each must be told."""

import importlib
import subprocess
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa

from chassis.process.settings import ProcessSettings
from deploy.local.address import Address
from deploy.local.home import Home
from deploy.local.topology import programs
from deploy.locks import ROOT

PROCESSES = ("gateway", "auth", "expenses", "insights-consumer", "insights-worker", "insights")
_EMBEDDED = {"consumer": "insights-consumer", "worker": "insights-worker"}
"""Names that are shorter in the embedded stack, where nothing else consumes or works."""


def embedded_stack(folder: Path) -> dict[str, Mapping[str, str]]:
    """Each program of the embedded stack and what it is told."""
    stack = programs(Home(folder), Address("127.0.0.1", 8000, "http://localhost:8000"), {})
    return {_EMBEDDED.get(program.name, program.name): program.environment for program in stack}


_SETTINGS = {"insights-worker": "WorkerSettings", "insights": "ApiSettings"}

START = ROOT / "deploy" / "start.sh"


def started(
    folder: Path, process: str, environment: Mapping[str, str], start: Path = START
) -> tuple[str, dict[str, str]]:
    """The program that an image's `start` becomes, and what it is told; the real programs do not run."""
    for program in ("uvicorn", "python"):
        (folder / program).write_text('#!/bin/sh\necho "$(basename "$0") $*"\nenv\n', "utf-8")
        (folder / program).chmod(0o755)
    command = [str(start), *process.split()]
    told = {"PATH": f"{folder}:/usr/bin:/bin", **environment}
    done = subprocess.run(command, env=told, text=True, capture_output=True, check=True)
    call, *lines = done.stdout.splitlines()
    return call, dict(line.split("=", 1) for line in lines)


def settings_of(process: str) -> type[ProcessSettings]:
    """The settings class of a process."""
    service = process.partition("-")[0]
    package = service if service == "gateway" else f"services.{service}"
    module = importlib.import_module(f"{package}.settings")
    found: type[ProcessSettings] = getattr(module, _SETTINGS.get(process, "Settings"))
    return found


def url_of(text: str) -> sa.URL:
    return sa.make_url(text)
