"""Clocks that jump, for all programs at once, as they do on one machine: by seconds to a year, both ways, and back."""

import random
from collections.abc import Mapping
from pathlib import Path

from tests.chaos.faults import Fault, FaultFunction, FaultTargets
from tests.chaos.system import CLOCK

JUMPS = (5.0, 45.0, 600.0, 7_200.0, 86_400.0, 365 * 86_400.0)


def move_clock(targets: FaultTargets, chance: random.Random) -> Fault | None:
    """One jump at a time; it is put right after some seconds. A full disk has no room for the file that says it."""
    file = targets.stack.home / CLOCK
    if file.exists() or (targets.disk is not None and targets.disk.is_full):
        return None
    seconds = chance.choice(JUMPS) * chance.choice((1, -1))
    _set(file, seconds)
    return Fault("move", f"the clock by {seconds:+,.0f} s", chance.uniform(1, 6), lambda: file.unlink(missing_ok=True))


WEIGHTS: Mapping[FaultFunction, int] = {move_clock: 8}


def _set(file: Path, seconds: float) -> None:
    draft = file.with_suffix(".draft")
    draft.write_text(str(seconds), "utf-8")
    draft.replace(file)
