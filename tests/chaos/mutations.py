"""`python -m tests.chaos.mutations [name …]`: each fault that is put into the product must be found within a minute."""

import dataclasses
import sys
import time
from typing import Any

from tests.chaos.harness import ChaosRun, perform

SECONDS = 48.0
CHOSEN = {
    "announce-before-commit": "lost|phantom|stale own write|wrong total|backwards",
    "no-compare-and-set": "stale own write|wrong total",
    "revision-after-read": "journal|phantom",
    "cache-without-comparing": "late",
    "no-effects-for-duplicates": "late",
}
"""The kinds of findings by which each shows itself."""
AT_REST: dict[str, Any] = {"rate": 0.3, "storm": 2.0}
"""Shows at rest, so there are more rests, and fewer faults that would heal it by chance."""
CHANGED: dict[str, dict[str, Any]] = {
    "announce-before-commit": {"rate": 0.5, "aim": "expenses"},
    "cache-without-comparing": AT_REST,
    "no-effects-for-duplicates": AT_REST,
}


def run_of(name: str, database: str = "sqlite") -> ChaosRun:
    run = ChaosRun(database, SECONDS, seed="mutation", mutation=name, thorough=False)
    return dataclasses.replace(run, **CHANGED.get(name, {}))


def main() -> int:
    missed = []
    for name in sys.argv[1:] or CHOSEN:
        began = time.monotonic()
        outcome = perform(run_of(name))
        seen = sorted({finding.kind for finding in outcome.findings})
        caught = bool(set(seen) & set(CHOSEN[name].split("|")))
        first = f"; first: {outcome.findings[0].what}" if outcome.findings else ""
        print(
            f"{name}: {'caught' if caught else 'NOT CAUGHT'} by {seen} in {time.monotonic() - began:.0f} s{first}",
            flush=True,
        )
        missed += [] if caught else [name]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
