"""Decimal amounts in a currency, and their minor units; never a float.

Currencies and their number of decimals are those of `contracts/currencies.py`.
"""

import re
from decimal import Decimal
from typing import NamedTuple, Self

from contracts.currencies import CURRENCIES

GRAMMAR = r"-?[0-9]{1,12}(\.[0-9]+)?"
"""Grammar of an amount: ASCII digits, a point, no sign but minus, no exponent, no grouping."""

MAX_MINOR = 10**12
"""Largest payment in minor units, so that no sum over a ledger exceeds 64 bits."""

_GRAMMAR = re.compile(GRAMMAR, re.ASCII)


def decimals(currency: str) -> int | None:
    """Returns the number of decimals of a currency; None for an unknown code, or one without amounts (such as XXX)."""
    known = CURRENCIES.get(currency)
    return known.decimals if known else None


class Money(NamedTuple):
    """An amount in minor units of a currency: 1250 EUR cents."""

    minor: int
    currency: str

    @classmethod
    def read(cls, amount: str, currency: str) -> Self:
        """Reads a payment's amount, written in GRAMMAR. Raises ValueError with a sentence for users."""
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
        if abs(minor) > MAX_MINOR:
            msg = "that amount is too large"
            raise ValueError(msg)
        return cls(minor, currency)

    @property
    def amount(self) -> str:
        """The amount with all decimals of the currency: 1250 EUR is "12.50"."""
        return f"{Decimal(self.minor).scaleb(-(decimals(self.currency) or 0)):f}"
