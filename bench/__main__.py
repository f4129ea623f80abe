"""`make bench [BENCH="gateway list"]`: measures, prints, and writes the figures into docs/performance.md."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bench import (
    gateway,
    hostile,
    listing,
    rebuilding,
    revoking,
    signing_in,
    starting,
    summaries,
    trouble,
    visible,
)
from bench.databases import NewDatabase, bench_databases
from bench.figures import Figures
from bench.goals import BENCH_PARTS
from bench.machine import describe
from bench.page import PAGE, replace_figures, table
from deploy.local.refusal import RefusalError, plainly

MEASURES: Mapping[str, Callable[[NewDatabase, Path], Figures]] = {
    "gateway": gateway.measure,
    "summary": summaries.measure,
    "visible": visible.measure,
    "rebuild": rebuilding.measure,
    "list": listing.measure,
    "start": starting.measure,
    "trouble": trouble.measure,
    "sign-in": signing_in.measure,
    "revocation": revoking.measure,
    "hostile": hostile.measure,
}


def main(names: list[str]) -> None:
    if unknown := set(names) - set(MEASURES):
        raise RefusalError(f"{', '.join(sorted(unknown))}: there is only {', '.join(MEASURES)}.")
    where = describe(os.getloadavg()[0])
    for name in names or MEASURES:
        began = time.monotonic()
        measured = _measured(name)
        figures = table(BENCH_PARTS[name], measured, where)
        print(f"\n{figures}\n\n({name}: {time.monotonic() - began:.0f} s)", flush=True)
        PAGE.write_text(replace_figures(PAGE.read_text("utf-8"), name, figures), "utf-8")


def _measured(name: str) -> dict[str, Figures]:
    measured: dict[str, Figures] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        bench_databases(Path(folder), both=BENCH_PARTS[name].databases) as columns,
    ):
        for column, fresh in columns.items():
            print(f"{name}, {column} …", flush=True)
            measured[column] = MEASURES[name](fresh, Path(folder))
    return measured


if __name__ == "__main__":
    sys.exit(plainly(lambda: main(sys.argv[1:])))
