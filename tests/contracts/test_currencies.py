"""The list of currencies only grows, and no released currency changes its decimals."""

import csv
from pathlib import Path

import pytest
from iso4217 import Currency as IsoCurrency

from contracts.currencies import CURRENCIES, FILE
from contracts.money import Money, decimals
from deploy.web_currencies import main

RELEASED = sorted((Path(__file__).parents[1] / "golden").glob("currencies-*.csv"))
"""The list as it was on a day. These files are never changed; add one when the list has grown."""


def rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_a_released_currency_stays_with_its_decimals(path: Path) -> None:
    now = rows(FILE)
    for code, row in rows(path).items():
        assert (code, now[code]["decimals"], now[code]["added"]) == (code, row["decimals"], row["added"])


def test_the_list_is_in_order_and_has_each_code_once() -> None:
    codes = [line.split(",")[0] for line in FILE.read_text("utf-8").splitlines()[1:]]
    assert codes == sorted(set(codes)) == list(CURRENCIES)


def test_every_currency_that_iso_has_now_is_in_the_list() -> None:
    """Fails when a newer `iso4217` knows one that we do not: add it, with the day on which it was added."""
    for currency in IsoCurrency:
        if currency.exponent is not None:
            assert (currency.code, decimals(currency.code)) == (currency.code, int(currency.exponent))
            assert CURRENCIES[currency.code].withdrawn is None


@pytest.mark.parametrize("code", ["BGN", "HRK", "ANG", "SLL", "DEM", "CUC", "ZWL"])
def test_withdrawn_currencies_are_known(code: str) -> None:
    assert CURRENCIES[code].withdrawn
    assert Money.read("12.34", code).minor == 1234


@pytest.mark.parametrize("code", list(CURRENCIES))
def test_minor_units_and_back_in_every_currency(code: str) -> None:
    for minor in (1, -1, 123_456_789):
        assert Money.read(Money(minor, code).amount, code).minor == minor


@pytest.mark.parametrize("code", ["XXX", "XAU", "XDR", "ABC", "eur", ""])
def test_what_is_no_currency_has_no_decimals(code: str) -> None:
    assert decimals(code) is None


def test_the_web_apps_table_is_up_to_date() -> None:
    assert main(["--check"]) == 0
