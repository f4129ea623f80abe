"""docs/performance.md: the figures are written anew, all other words stay as people wrote them."""

import re
from collections.abc import Mapping

from bench.figures import Figures, figure_text, goal_text
from bench.goals import BenchPart
from deploy.local.workshop import ROOT

PAGE = ROOT / "docs" / "performance.md"


def replace_figures(page: str, name: str, table: str) -> str:
    """The page with the figures of one part exchanged; a part that is new comes last."""
    begin, end = f"<!-- figures of {name}: `make bench` writes them -->", f"<!-- end of {name} -->"
    block = f"{begin}\n{table}\n{end}"
    found = re.compile(re.escape(begin) + r".*?" + re.escape(end), re.DOTALL)
    if found.search(page):
        return found.sub(lambda _: block, page)
    return f"{page.rstrip()}\n\n{block}\n"


def table(part: BenchPart, measured: Mapping[str, Figures], where: str) -> str:
    """Goal beside figure; `measured` has a column for each database, or one. Every row must have its figure."""
    for column, figures in measured.items():
        wanted = {row.name for row in part.rows}
        if set(figures) != wanted:
            raise ValueError(f"{part.title}, {column}: {sorted(wanted ^ set(figures))} does not match the goals")
    lines = [f"## {part.title}", "", "| | goal | " + " | ".join(measured) + " |", "|---|---|" + "---|" * len(measured)]
    for row in part.rows:
        cells = [figure_text(row, figures[row.name]) for figures in measured.values()]
        lines.append(f"| {row.what} | {goal_text(row)} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", where])
