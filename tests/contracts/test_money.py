"""Amounts and minor units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import money
from contracts.money import Money


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.50", "EUR", 1250),
        ("-3", "EUR", -300),
        ("0.01", "EUR", 1),
        ("1200", "JPY", 1200),
        ("1.234", "BHD", 1234),
        ("0.5", "USD", 50),
        ("007", "USD", 700),
        ("10000000000", "EUR", 1_000_000_000_000),
        ("-10000000000", "EUR", -1_000_000_000_000),
    ],
)
def test_minor_units(amount: str, currency: str, minor: int) -> None:
    assert Money.read(amount, currency).minor == minor


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        *[("1.001", "EUR"), ("1.0", "JPY"), ("0", "EUR"), ("-0.00", "EUR"), ("1\n", "EUR"), ("1", "XXX"), ("1", "eur")],
        *[("10000000000.01", "EUR"), ("-10000000000.01", "EUR")],
    ],
)
def test_what_is_no_amount(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Money.read(amount, currency)


@given(
    st.integers(1 - money.MAX_MINOR, money.MAX_MINOR - 1).filter(bool),
    st.sampled_from(["EUR", "JPY", "BHD", "CLF"]),
)
def test_minor_units_and_back(minor: int, currency: str) -> None:
    assert Money.read(Money(minor, currency).amount, currency).minor == minor


@given(st.text(max_size=20))
def test_no_text_is_anything_but_an_amount_or_a_value_error(text: str) -> None:
    try:
        minor = Money.read(text, "EUR").minor
    except ValueError:
        return
    assert text.isascii()
    assert 0 < abs(minor) <= money.MAX_MINOR
