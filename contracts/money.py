"""Decimal amounts in a currency, and their minor units; never a float.

Currencies and their number of decimals are those of `contracts/currencies.py`.
"""

import re
from decimal import Decimal

from contracts.currencies import CURRENCIES

GRAMMAR = r"-?[0-9]{1,12}(\.[0-9]+)?"
"""How an amount is written: ASCII digits, a point, no sign but minus, no exponent, no grouping."""

LARGEST_MINOR = 10**12
"""Bound of one payment in minor units, so that no sum over a ledger can leave 64 bits."""

_GRAMMAR = re.compile(GRAMMAR, re.ASCII)


def decimals(currency: str) -> int | None:
    """How many decimals the currency has; None for a code that is unknown or has no amounts (such as XXX)."""
    known = CURRENCIES.get(currency)
    return known.decimals if known else None


def to_minor(amount: str, currency: str) -> int:
    """Minor units of an amount written in GRAMMAR. Raises ValueError with a sentence for people."""
    places = decimals(currency)
    if places is None:
        msg = f"{currency} is not a currency that Outlay knows"
        raise ValueError(msg)
    if not _GRAMMAR.fullmatch(amount):
        msg = 'write the amount as digits with a point, such as "12.50" or "-3"'
        raise ValueError(msg)
    if len(amount.partition(".")[2]) > places:
        msg = f"{currency} has {places} decimals at most" if places else f"{currency} has no decimals"
        raise ValueError(msg)
    minor = int(Decimal(amount).scaleb(places))
    if minor == 0:
        msg = "an amount of zero says nothing"
        raise ValueError(msg)
    if abs(minor) > LARGEST_MINOR:
        msg = "that amount is too large"
        raise ValueError(msg)
    return minor


def from_minor(minor: int, currency: str) -> str:
    """The amount with all the decimals that the currency has: 1250 EUR is "12.50"."""
    return f"{Decimal(minor).scaleb(-(decimals(currency) or 0)):f}"
