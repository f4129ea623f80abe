"""The pace of a month, worked out by hand beside each case."""

import pytest

from services.insights.insights.facts.kinds.pace import pace
from tests.support.facts import Payment, day, every_month, only, shown, snapshot

SIX = {
    "2026-05": (900, 500, 600),
    "2026-06": (900, 500, 100),
    "2026-07": (900, 500, 300),
    "2026-08": (900, 500, 200),
    "2026-09": (900, 500, 500),
    "2026-10": (900, 500, 400),
}
"""On the 1st, the 15th and the 28th of each month."""


def test_what_is_spent_and_the_median_of_what_the_last_days_brought() -> None:
    payments = [*every_month(SIX), ("2026-11-02", 1_000, "Food")]

    fact = only(pace(snapshot("2026-11-20", payments)))

    # ten days are left; they brought 6, 1, 3, 2, 5 and 4 euros: the median is 3.50, the extremes 1 and 6
    assert fact.id == "pace.2026-11"
    assert shown(fact) == {
        "value": "14",
        "end": "2026-11-30",
        "so_far": "10.00",
        "months": "6",
        "low": "11",
        "high": "16",
    }
    assert fact.evidence.parameters() == {"from": "2026-11-01", "to": "2026-11-20", "currency": "EUR"}


def test_an_interval_is_rounded_outwards() -> None:
    odd = {month: (900, 500, last + 30) for month, (_, _, last) in SIX.items()}

    fact = only(pace(snapshot("2026-11-20", [*every_month(odd), ("2026-11-02", 1_000, "Food")])))

    assert (shown(fact)["low"], shown(fact)["high"]) == ("11", "17")


def test_no_interval_from_fewer_than_six_months() -> None:
    few = dict(list(SIX.items())[-3:])

    fact = only(pace(snapshot("2026-11-20", [*every_month(few), ("2026-11-02", 1_000, "Food")])))

    assert shown(fact) == {"value": "14", "end": "2026-11-30", "so_far": "10.00", "months": "3"}


def test_a_month_without_any_payment_says_nothing_about_last_days() -> None:
    gap = {month: amounts for month, amounts in SIX.items() if month not in {"2026-07", "2026-08"}}

    fact = only(pace(snapshot("2026-11-20", [*every_month(gap), ("2026-11-02", 1_000, "Food")])))

    assert shown(fact)["months"] == "4"


def test_with_little_history_the_days_so_far_stand_for_the_days_left() -> None:
    payments = [(f"2026-11-{on:02d}", 100, "Food") for on in (1, 2, 4, 7, 9, 10)]

    fact = only(pace(snapshot("2026-11-10", payments)))

    # 6 euros in ten days, so twelve in the twenty left
    assert shown(fact) == {"value": "18", "end": "2026-11-30", "so_far": "6.00"}


def test_what_is_dated_ahead_is_a_floor_and_part_of_the_evidence() -> None:
    payments = [*every_month(SIX), ("2026-11-02", 1_000, "Food"), ("2026-11-28", 550, "Rent")]

    fact = only(pace(snapshot("2026-11-20", payments)))

    assert (shown(fact)["value"], shown(fact)["low"], shown(fact)["high"]) == ("16", "15", "16")
    assert fact.evidence.parameters()["to"] == "2026-11-30"


@pytest.mark.parametrize(("today", "end"), [("2028-02-20", "2028-02-29"), ("2027-02-20", "2027-02-28")])
def test_february(today: str, end: str) -> None:
    year = today[:4]
    days = [(f"{year}-02-{on:02d}", 100, "Food") for on in range(1, 11)]

    fact = only(pace(snapshot(today, days)))

    left = day(end).day - 20
    assert shown(fact)["end"] == end
    assert shown(fact)["value"] == f"{10 + round(10 * left / 20)}"


def test_whole_units_of_a_currency_without_decimals() -> None:
    payments = [(f"2026-11-{on:02d}", 1_000, "Food") for on in range(1, 11)]

    assert only(pace(snapshot("2026-11-10", payments, "JPY"))).value.value == "30000"
    assert only(pace(snapshot("2026-11-10", payments, "KWD"))).value.value == "30"


@pytest.mark.parametrize(
    ("today", "payments"),
    [
        pytest.param("2026-11-20", [], id="an empty ledger"),
        pytest.param("2026-11-20", every_month(SIX), id="an empty month"),
        pytest.param("2026-11-30", [*every_month(SIX), ("2026-11-02", 100, "A")], id="the last day"),
        pytest.param("2026-11-06", [(f"2026-11-0{on}", 100, "A") for on in range(1, 7)], id="too few days"),
        pytest.param("2026-11-20", [("2026-11-01", 100, "A")], id="too few payments"),
        pytest.param("2026-11-20", [*every_month(SIX), ("2026-11-02", -5_000, "A")], id="refunds alone"),
    ],
)
def test_too_little_to_go_by(today: str, payments: list[Payment]) -> None:
    assert pace(snapshot(today, payments)) == []
