"""Robust statistics of amounts. Floats are precise enough, since no sum is computed from the results."""

from collections.abc import Iterable, Sequence
from statistics import median

_NORMAL = 1.4826
"""Makes the median deviation of normal values as large as their standard deviation (Iglewicz and Hoaglin, 1993)."""


def spread(values: Sequence[float]) -> float:
    """Returns the median distance from the median, scaled to a standard deviation."""
    middle = median(values)
    return _NORMAL * median(abs(value - middle) for value in values)


def distance(value: float, values: Sequence[float], least: float) -> float:
    """Returns how many spreads the value is from the median of the values; the spread is at least `least`."""
    return (value - median(values)) / max(spread(values), least)


def at_quantile(values: Iterable[int], part: float) -> int:
    """Returns the value below which that fraction of the values lies, or 0 if there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0


def surprise(distance: float, most: float = 0.9) -> float:
    """Returns a surprise from 0 to `most`: half of it at 4 spreads."""
    return most * abs(distance) / (abs(distance) + 4)
