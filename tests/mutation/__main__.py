"""`python -m tests.mutation MODULE`: prints the changes of a module that no test notices. See `make mutate`."""

import argparse
import sys
from pathlib import Path

from tests.mutation.runs import UnfitTestsError, mirroring_tests, run_mutants

ROOT = Path(__file__).resolve().parents[2]


def main(words: list[str], root: Path = ROOT) -> str:
    """Prints each survivor as it is found; returns the score. Raises UnfitTestsError."""
    parser = argparse.ArgumentParser(prog="make mutate")
    parser.add_argument("module", help="a file, or a folder of them")
    parser.add_argument("tests", nargs="*", help="by default those of the folder that mirrors the module")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(words)
    tests = options.tests or [mirroring_tests(root, options.module)]
    killed = survived = 0
    for result in run_mutants(root, options.module, tests, seed=options.seed, seconds=60 * options.minutes):
        survived += result.survived
        killed += not result.survived
        if result.survived:
            print(result, flush=True)
    return f"{killed} of {killed + survived} mutants were noticed by {' '.join(tests)}."


if __name__ == "__main__":
    try:
        print(main(sys.argv[1:]))
    except UnfitTestsError as unfit:
        sys.exit(str(unfit))
