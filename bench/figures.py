"""Figures: computed from samples, compared with goals, and formatted."""

from collections.abc import Sequence
from statistics import median

from bench.goals import GoalRow

Figures = dict[str, float]
"""By the names of their rows."""
NO_GOAL = "\N{EN DASH}"
_FEW, _MANY = 10, 100


def percentile(samples: Sequence[float], part: float) -> float:
    """Returns the smallest sample that at least this fraction of all samples does not exceed."""
    ordered = sorted(samples)
    place = -(-len(ordered) * part // 1)  # rounded up
    return ordered[max(0, int(place) - 1)]


def milliseconds(samples: Sequence[float], part: float = 0.5) -> float:
    """Returns a percentile of seconds, in milliseconds."""
    return 1000 * (median(samples) if part == 0.5 else percentile(samples, part))  # noqa: PLR2004 - the median


def is_met(row: GoalRow, figure: float) -> bool:
    """Whether a figure is within its goal, at the precision shown."""
    shown = float(number(figure).replace(",", ""))
    return (row.least is None or shown >= row.least) and (row.most is None or shown <= row.most)


def goal_text(row: GoalRow) -> str:
    """Returns the goal in words."""
    bounds = [f"{sign} {_exact(bound)}" for sign, bound in (("≥", row.least), ("≤", row.most)) if bound is not None]
    return f"{' and '.join(bounds)} {row.unit}".strip() if bounds else NO_GOAL


def figure_text(row: GoalRow, figure: float) -> str:
    """Returns the figure with its unit; highlights a missed goal."""
    text = f"{number(figure)} {row.unit}".strip()
    return text if is_met(row, figure) else f"**{text}** (missed)"


def number(figure: float) -> str:
    """Returns three significant digits, as precise as such a figure is."""
    digits = 0 if figure >= _MANY else 1 if figure >= _FEW else 2
    return f"{figure:,.{digits}f}"


def _exact(bound: float) -> str:
    return f"{bound:,g}"
