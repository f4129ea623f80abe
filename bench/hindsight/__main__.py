"""Prints what insights told of ledgers, and what became of it. `python -m bench.hindsight [file.csv …]`.

Without arguments: ten ledgers of Beancount's example generator, which uv fetches and runs as a program of its own.
"""

import argparse
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from bench.hindsight.ledgers import RecordedLedger, beancount_example, read_csv
from bench.hindsight.report import print_forecasts, print_kinds, print_pages
from bench.hindsight.walk import walk
from deploy.local.tools import find_uv

GENERATOR = ("tool", "run", "--quiet", "--from", "beancount==3.2.3", "bean-example")
"""Arguments of uv. The generator is GPL-licensed: it runs as a program, and nothing of it is part of Outlay."""
SEEDS = range(1, 11)
SINCE, UNTIL = dt.date(2022, 1, 1), dt.date(2025, 12, 31)


def main() -> None:
    """Prints the kinds pooled over all ledgers, the forecasts of each, and contradictions."""
    parser = argparse.ArgumentParser(prog="python -m bench.hindsight", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="ledgers: day, amount, currency, merchant, category")
    parser.add_argument("--examples", type=int, nargs="*", default=None, metavar="SEED", help="seeds of bean-example")
    parser.add_argument("-v", type=int, default=0, metavar="COUNT", dest="lines", help="print false and missed ones")
    arguments = parser.parse_args()
    results = [walk(ledger) for ledger in _ledgers(arguments)]
    print_kinds(results, examples=arguments.lines)
    for result in results:
        print_forecasts(result)
    print_pages(results, examples=arguments.lines)


def _ledgers(arguments: argparse.Namespace) -> Iterator[RecordedLedger]:
    yield from map(read_csv, arguments.files)
    seeds = SEEDS if arguments.examples is None and not arguments.files else arguments.examples or ()
    for seed in seeds:
        yield beancount_example((find_uv(), *GENERATOR), seed, SINCE, UNTIL)


if __name__ == "__main__":
    main()
