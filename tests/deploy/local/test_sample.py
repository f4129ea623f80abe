"""The sample is believable, and the same every time."""

import re
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest

from deploy.local.sample import Payment, payments

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def sample() -> list[Payment]:
    return payments(TODAY)


def of(sample: list[Payment], merchant: str) -> list[Payment]:
    return [payment for payment in sample if payment["merchant"] == merchant]


def test_it_covers_two_years_up_to_today_oldest_first(sample: list[Payment]) -> None:
    days = [payment["spent_on"] for payment in sample]

    assert 2_300 <= len(sample) <= 2_700
    assert days == sorted(days)
    assert days[0] <= "2024-11-23"
    assert days[-1] == TODAY.isoformat() or days[-1] == (TODAY - timedelta(days=1)).isoformat()


def test_every_amount_is_one_that_the_api_takes(sample: list[Payment]) -> None:
    assert all(re.fullmatch(r"-?\d{1,12}\.\d\d", payment["amount"]) for payment in sample)
    assert all(Decimal(payment["amount"]) != 0 for payment in sample)


def test_it_is_the_same_every_time_and_grows_with_the_days(sample: list[Payment]) -> None:
    habits = {"Blue Kettle", "Tin Cup Coffee"}
    tomorrow = payments(TODAY + timedelta(days=1))

    assert payments(TODAY) == sample
    assert [p for p in tomorrow if p["merchant"] in habits and "2025" < p["spent_on"] <= TODAY.isoformat()] == [
        p for p in sample if p["merchant"] in habits and p["spent_on"] > "2025"
    ]


def test_a_subscription_rose_once(sample: list[Payment]) -> None:
    prices = [payment["amount"] for payment in of(sample, "Streamhouse")]

    assert Counter(prices) == {"10.99": len(prices) - 3, "13.99": 3}
    assert prices == sorted(prices)


def test_another_one_stopped(sample: list[Payment]) -> None:
    assert max(payment["spent_on"] for payment in of(sample, "Pulse Gym")) == "2026-09-03"


def test_something_was_charged_twice_on_one_day(sample: list[Payment]) -> None:
    same = Counter((p["spent_on"], p["merchant"], p["amount"]) for p in of(sample, "Saffron House"))

    assert 2 in same.values()


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2026, 1, 1), date(2026, 12, 31)])
def test_it_can_end_on_any_day(today: date) -> None:
    assert len(payments(today)) > 2_000
