"""Parts of a whole as shares of it: summaries and facts write them by the same rule."""

from collections.abc import Iterable


def has_shares(parts: Iterable[int]) -> bool:
    """Whether parts of a whole can be written as shares, each of them from 0 to 1.

    Not where a category is below zero, since more came back than was spent: 100, -99 and 5 are 1,667 %, -1,650 % and
    83 % of 6.
    """
    parts = list(parts)
    return sum(parts) > 0 and min(parts) >= 0
