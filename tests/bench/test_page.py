"""Figures as they are made from samples, held against goals, and written into the page."""

import re

import pytest

from bench.__main__ import MEASURES
from bench.figures import figure_text, goal_text, is_met, milliseconds, percentile
from bench.goals import BENCH_PARTS, BenchPart, GoalRow
from bench.page import PAGE, replace_figures, table

FAST = GoalRow("fast", "an answer", "ms", most=50)
BOTH = BenchPart("Answers", (FAST, GoalRow("count", "how many", least=1_000)), databases=True)
MEASURED = {"SQLite": {"fast": 49.0, "count": 1_234.5}, "PostgreSQL": {"fast": 51.0, "count": 12.25}}


def test_a_percentile_is_a_sample_that_so_many_do_not_exceed() -> None:
    samples = [float(number) for number in range(100, 0, -1)]

    assert [percentile(samples, part) for part in (0.01, 0.5, 0.95, 0.99, 1)] == [1, 50, 95, 99, 100]
    assert percentile([3.0], 0.99) == 3
    assert milliseconds([0.001, 0.002, 0.009]) == 2


def test_a_goal_is_held_against_the_figure_as_it_is_shown() -> None:
    least, most = GoalRow("a", "a", least=1.0), GoalRow("b", "b", most=1.0)

    assert (is_met(least, 0.996), is_met(least, 0.994), is_met(most, 1.004), is_met(most, 1.006)) == (True, False) * 2
    assert is_met(GoalRow("c", "c"), 10**9)


def test_bounds_are_written_in_words() -> None:
    assert goal_text(FAST) == "≤ 50 ms"
    assert goal_text(GoalRow("a", "a", least=0.9, most=1.1)) == "≥ 0.9 and ≤ 1.1"
    assert figure_text(FAST, 51) == "**51.0 ms** (missed)"
    assert figure_text(GoalRow("b", "b", "entries/s", least=5_000), 16_282.4) == "16,282 entries/s"


def test_the_table_has_a_column_for_each_database() -> None:
    lines = table(BOTH, MEASURED, "*some machine*").splitlines()

    assert lines[0] == "## Answers"
    assert lines[2] == "| | goal | SQLite | PostgreSQL |"
    assert lines[4] == "| an answer | ≤ 50 ms | 49.0 ms | **51.0 ms** (missed) |"
    assert lines[-1] == "*some machine*"


@pytest.mark.parametrize("figures", [{"fast": 1.0}, {"fast": 1.0, "count": 1.0, "more": 1.0}])
def test_a_measurement_that_does_not_match_its_rows_is_refused(figures: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="does not match"):
        table(BOTH, {"SQLite": figures}, "")


def test_a_rerun_loses_no_word_that_people_wrote() -> None:
    page = "# Performance\n\nBy hand.\n"
    for figures in ("first", "second"):
        page = replace_figures(page, "gateway", f"## Gateway\n{figures}")
        page = replace_figures(page, "list", f"## List\n{figures}")
        page = page.replace("<!-- end of gateway -->\n\n<!--", "<!-- end of gateway -->\n\nWhy it is so.\n\n<!--")

    assert "By hand." in page
    assert page.count("Why it is so.") == 1
    assert "first" not in page
    assert page.index("## Gateway") < page.index("Why it is so.") < page.index("## List")


def test_everything_that_has_goals_is_measured() -> None:
    assert list(MEASURES) == list(BENCH_PARTS)


@pytest.mark.parametrize("name", BENCH_PARTS)
def test_every_row_has_a_figure_on_the_page(name: str) -> None:
    part, page = BENCH_PARTS[name], PAGE.read_text("utf-8")
    found = re.search(rf"<!-- figures of {name}:.*?<!-- end of {name} -->", page, re.DOTALL)
    assert found, f"make bench BENCH={name}"
    rows = [re.split(r" ?\| ?", line)[1:-1] for line in found[0].splitlines() if line.startswith("|")][2:]

    assert [row[:2] for row in rows] == [[row.what, goal_text(row)] for row in part.rows]
    assert all(re.search(r"\d", cell) for row in rows for cell in row[2:])
    assert {len(row) - 2 for row in rows} == {2 if part.databases else 1}
