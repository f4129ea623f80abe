"""Statistics that a few odd values do not bend. Of amounts, floats are good enough: no sum is made of them."""

from collections.abc import Iterable, Sequence
from statistics import median

_NORMAL = 1.4826
"""Makes the median deviation of normal values as large as their standard deviation (Iglewicz and Hoaglin, 1993)."""


def spread(values: Sequence[float]) -> float:
    """The median distance from the median, scaled to a standard deviation."""
    middle = median(values)
    return _NORMAL * median(abs(value - middle) for value in values)


def distance(value: float, values: Sequence[float], least: float) -> float:
    """How many spreads the value is from the median of the others; the spread counts as `least` at least."""
    return (value - median(values)) / max(spread(values), least)


def at_quantile(values: Iterable[int], part: float) -> int:
    """The value below which that part of them lies; 0 where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0


def surprise(distance: float, most: float = 0.9) -> float:
    """From 0 to `most`: half of it at 4 spreads."""
    return most * abs(distance) / (abs(distance) + 4)
