"""Prints precision and recall for each kind of fact; with --tuning on the seeds that rules were tuned on."""

import argparse
from collections.abc import Mapping
from statistics import median

from bench.truth.scoring import Forecasts, KindScore, score
from services.insights.insights.facts.fact import FactKind

TUNING = range(300)
REPORTING = range(10_000, 10_600)
ARITHMETIC = {FactKind.LARGEST_CATEGORY, FactKind.CHANGE, FactKind.PACE}
"""Sums and differences, told always; tests hold them."""


def main() -> None:
    """One table, and how the forecasts did."""
    parser = argparse.ArgumentParser(prog="python -m bench.truth", description=__doc__)
    parser.add_argument("--tuning", action="store_true")
    parser.add_argument("-v", action="store_true", dest="names")
    arguments = parser.parse_args()
    seeds = TUNING if arguments.tuning else REPORTING
    scores, forecasts = score(seeds)
    print(f"{len(seeds)} ledgers, seeds {seeds.start} to {seeds.stop - 1}")
    _table(scores, names=arguments.names)
    _forecasts(forecasts)


def _table(scores: Mapping[FactKind, KindScore], *, names: bool) -> None:
    columns = ("planted", "found", "recall", "true anyway", "wrong", "precision", "shown")
    print(f"{'kind':16}" + "".join(f"{column:>13}" for column in columns))
    for kind in FactKind:
        if kind in ARITHMETIC:
            continue
        one = scores[kind]
        right = one.found + one.true_anyway
        cells = (
            one.planted,
            one.found,
            _part(one.found, one.planted),
            one.true_anyway,
            one.wrong,
            _part(right, right + one.wrong),
            one.shown,
        )
        print(f"{kind:16}" + "".join(f"{cell:>13}" for cell in cells))
        if names:
            print("  missed   ", *one.missed[:12], sep="\n    ")
            print("  mistaken ", *one.mistaken[:12], sep="\n    ")


def _forecasts(forecasts: Forecasts) -> None:
    print(
        f"pace: {len(forecasts.errors)} forecasts, median error {median(forecasts.errors):.1%}; "
        f"{_part(forecasts.inside, forecasts.with_range)} of {forecasts.with_range} ranges held the end"
    )


def _part(some: int, of_all: int) -> str:
    return f"{some / of_all:.1%}" if of_all else "-"


if __name__ == "__main__":
    main()
