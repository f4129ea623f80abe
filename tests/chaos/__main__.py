"""`make chaos MINUTES=12 [DATABASE=sqlite|postgresql|both] [SEED=…]`.

With CHECK=<file> a kept history is read again; with KEEP=1 one is kept though nothing was found. FAULTS is how many
come each second of a storm, 2 by default; with 0 it is only work, which shows whether memory stays flat. ONLY names
the faults that there are to be, by their functions: ONLY="fill slow poison".
"""

import os
import secrets
import signal
import sys
from pathlib import Path

from tests.chaos import checker, history
from tests.chaos.harness import ChaosRun, perform
from tests.chaos.report import describe

WORDS = ("MINUTES", "DATABASE", "SEED", "MUTATION", "CHECK", "KEEP", "FAULTS", "ONLY")


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell may start what it runs beside it with SIGINT ignored
        signal.signal(number, signal.default_int_handler)
    given = {name: os.environ.get(name, "") for name in WORDS}
    if given["CHECK"]:
        found = checker.check(history.read(Path(given["CHECK"])))
        print("\n".join(map(str, found)) or "nothing is wrong")
        return 1 if found else 0
    chosen = given["DATABASE"] or "both"
    databases = ["sqlite", "postgresql"] if chosen == "both" else [chosen]
    seed = given["SEED"] or secrets.token_hex(4)
    failed = False
    for database in databases:
        seconds, rate = float(given["MINUTES"] or 1) * 60, float(given["FAULTS"] or 2)
        only, keep = tuple(given["ONLY"].split()), bool(given["KEEP"])
        run = ChaosRun(database, seconds, seed, given["MUTATION"], rate, only=only, keep=keep)
        print(f"{database}: {run.seconds:g} s from seed {seed} …", flush=True)
        outcome = perform(run)
        print(describe(outcome), flush=True)
        failed = failed or bool(outcome.findings)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
