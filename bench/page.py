"""docs/performance.md: rewrites the figures, and leaves all other text unchanged."""

import re
from collections.abc import Mapping

from bench.figures import Figures, figure_text, goal_text
from bench.goals import BenchPart
from deploy.local.workshop import ROOT

PAGE = ROOT / "docs" / "performance.md"


def replace_figures(page: str, name: str, table: str) -> str:
    """Returns the page with the figures of one part replaced; a new part is appended."""
    begin, end = f"<!-- figures of {name}: `make bench` writes them -->", f"<!-- end of {name} -->"
    block = f"{begin}\n{table}\n{end}"
    pattern = re.compile(re.escape(begin) + r".*?" + re.escape(end), re.DOTALL)
    if pattern.search(page):
        return pattern.sub(lambda _: block, page)
    return f"{page.rstrip()}\n\n{block}\n"


def table(part: BenchPart, measured: Mapping[str, Figures], where: str) -> str:
    """Returns a table of goals and figures. `measured` has a column for each database, or one."""
    for column, figures in measured.items():
        expected = {row.name for row in part.rows}
        if set(figures) != expected:
            raise ValueError(f"{part.title}, {column}: {sorted(expected ^ set(figures))} does not match the goals")
    lines = [f"## {part.title}", "", "| | goal | " + " | ".join(measured) + " |", "|---|---|" + "---|" * len(measured)]
    for row in part.rows:
        cells = [figure_text(row, figures[row.name]) for figures in measured.values()]
        lines.append(f"| {row.what} | {goal_text(row)} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", where])
