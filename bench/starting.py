"""Measures a warm `make run`, and the memory of the idle stack."""

from pathlib import Path

from bench.databases import NewDatabase
from bench.figures import Figures
from deploy.local.measure import measure as measure_stack


def measure(_: NewDatabase, folder: Path) -> Figures:
    warm = measure_stack(folder)
    return {"ready": warm.seconds, "memory": warm.megabytes}
