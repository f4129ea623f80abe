"""Every supported currency: those of ISO 4217, with those that were withdrawn since 1990.

`currencies.csv` only grows. A released row keeps its code and decimals for ever, since stored minor units depend on
them, even if ISO changes the decimals of the code. A withdrawn currency gets its last day and remains valid for past
payments. The web app's table is generated from the same file.
"""

import csv
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("currencies.csv")


class Currency(NamedTuple):
    """A currency and the number of its decimals."""

    code: str
    decimals: int
    added: dt.date
    """When it was added to this list."""
    withdrawn: dt.date | None
    """The last day on which it was legal tender; None while it is."""


def _read(path: Path) -> Mapping[str, Currency]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: _currency(row) for row in csv.DictReader(file)}


def _currency(row: Mapping[str, str]) -> Currency:
    withdrawn = dt.date.fromisoformat(row["withdrawn"]) if row["withdrawn"] else None
    return Currency(row["code"], int(row["decimals"]), dt.date.fromisoformat(row["added"]), withdrawn)


CURRENCIES = _read(FILE)
"""By code, in the order of codes."""
