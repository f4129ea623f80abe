"""The web app's table of currencies, from `contracts/currencies.csv`: python -m deploy.web_currencies [--check]."""

import sys
from collections import defaultdict
from pathlib import Path

from contracts.currencies import CURRENCIES

TABLE = Path(__file__).resolve().parents[1] / "frontend" / "src" / "lib" / "money" / "currency-table.ts"
USUAL = 2
_WIDTH = 28
"""Codes in one line."""


def text_of() -> str:
    """The TypeScript module."""
    unusual: defaultdict[int, list[str]] = defaultdict(list)
    for code, currency in CURRENCIES.items():
        if currency.decimals != USUAL:
            unusual[currency.decimals].append(code)
    withdrawn = [code for code, currency in CURRENCIES.items() if currency.withdrawn]
    rows = [f"  {decimals}:{_codes(codes)}," for decimals, codes in sorted(unusual.items())]
    return "\n".join(
        [
            "// Generated from contracts/currencies.csv by `make client`: change it there.",
            "",
            f"/** Currencies by the number of their decimals, where these are not {USUAL}. */",
            "export const UNUSUAL_DECIMALS: Readonly<Record<number, string>> = {",
            *rows,
            "};",
            "",
            "/** Currencies of the past: good for old payments, and no choice for a new ledger. */",
            f"export const WITHDRAWN ={_codes(withdrawn)};",
            "",
        ]
    )


def _codes(codes: list[str]) -> str:
    lines = [" ".join(codes[start : start + _WIDTH]) for start in range(0, len(codes), _WIDTH)]
    return " +".join(f'\n    "{line}"' for line in [*(f"{line} " for line in lines[:-1]), lines[-1]])


def main(arguments: list[str]) -> int:
    """Writes the table, or checks it."""
    text = text_of()
    if "--check" in arguments:
        if TABLE.exists() and TABLE.read_text("utf-8") == text:
            return 0
        print("The web app's table of currencies is out of date: run `make client`.", file=sys.stderr)
        return 1
    TABLE.write_text(text, "utf-8")
    print(f"Wrote {TABLE.name}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
