"""What is true, worked out by hand beside each case."""

import pytest

from services.insights.insights.facts.fact import Direction
from services.insights.insights.facts.finders import find_facts
from services.insights.insights.facts.kinds.change import change
from services.insights.insights.facts.kinds.largest import largest_category
from tests.support.facts import TYPICAL, Payment, category_id, day, only, shown, snapshot


class TestLargestCategory:
    def test_its_sum_its_share_and_the_payments_behind(self) -> None:
        fact = only(largest_category(TYPICAL))

        assert fact.id == "largest_category.2026-11"
        assert (fact.value.value, fact.value.unit, fact.direction) == ("300.00", "EUR", Direction.NONE)
        # 300 of 355
        assert shown(fact) == {
            "value": "300.00",
            "category": "Rent",
            "month": "2026-11-01",
            "share": "84.51",
            "total": "355.00",
        }
        assert fact.evidence.parameters() == {
            "from": "2026-11-01",
            "to": "2026-11-22",
            "currency": "EUR",
            "category": str(category_id("Rent")),
        }
        assert fact.revision == 42

    def test_a_refund_can_take_the_first_place_away(self) -> None:
        payments = [("2026-11-01", 900, "A"), ("2026-11-02", 800, "B"), ("2026-11-03", -200, "A")]

        fact = only(largest_category(snapshot("2026-11-22", payments)))

        assert (shown(fact)["category"], shown(fact)["share"]) == ("B", "53.33")

    def test_refunds_within_a_category_leave_shares_as_they_are(self) -> None:
        payments = [("2026-11-01", 10_000, "A"), ("2026-11-02", -9_900, "A"), ("2026-11-03", 300, "B")]

        assert shown(only(largest_category(snapshot("2026-11-22", payments))))["share"] == "75.00"

    @pytest.mark.parametrize("refund", [-100, -900, -2_000])
    def test_no_share_where_a_category_is_below_zero(self, refund: int) -> None:
        payments = [("2026-11-01", 1_000, "A"), ("2026-11-02", refund, "B")]

        fact = only(largest_category(snapshot("2026-11-22", payments)))

        assert shown(fact).keys() == {"value", "category", "month"}

    def test_equal_sums_are_told_in_the_order_of_names_whatever_the_order_of_payments(self) -> None:
        payments = [("2026-11-01", 100, "B"), ("2026-11-02", 100, "A")]

        orders = [payments, payments[::-1]]

        assert [shown(only(largest_category(snapshot("2026-11-22", order))))["category"] for order in orders] == [
            "A",
            "A",
        ]

    @pytest.mark.parametrize(
        "payments",
        [
            pytest.param([], id="an empty ledger"),
            pytest.param([("2026-10-31", 100, "A")], id="an empty month"),
            pytest.param([("2026-11-23", 100, "A")], id="dated ahead"),
            pytest.param([("2026-11-02", -100, "A")], id="refunds alone"),
        ],
    )
    def test_nothing_to_tell(self, payments: list[Payment]) -> None:
        assert largest_category(snapshot("2026-11-22", payments)) == []


class TestChange:
    def test_against_the_same_days_of_the_month_before(self) -> None:
        fact = only(change(TYPICAL))

        # 355 up to the 22nd, against 430 up to 22 October; the 20 of 30 October do not count
        assert fact.id == "change.2026-11"
        assert fact.direction is Direction.DOWN
        assert shown(fact) == {
            "value": "-75.00",
            "percent": "17.44",
            "previous": "2026-10-01",
            "until": "2026-11-22",
            "now": "355.00",
            "before": "430.00",
        }
        now, before = (fact.slots[name].evidence for name in ("now", "before"))
        assert now is not None
        assert now.parameters() == {"from": "2026-11-01", "to": "2026-11-22", "currency": "EUR"}
        assert before is not None
        assert before.parameters() == {"from": "2026-10-01", "to": "2026-10-22", "currency": "EUR"}

    @pytest.mark.parametrize(
        ("today", "now", "before"),
        [
            ("2026-03-31", ("2026-03-01", "2026-03-28"), ("2026-02-01", "2026-02-28")),
            ("2028-03-31", ("2028-03-01", "2028-03-29"), ("2028-02-01", "2028-02-29")),
            ("2026-03-28", ("2026-03-01", "2026-03-28"), ("2026-02-01", "2026-02-28")),
            ("2026-04-30", ("2026-04-01", "2026-04-30"), ("2026-03-01", "2026-03-30")),
            ("2027-01-31", ("2027-01-01", "2027-01-31"), ("2026-12-01", "2026-12-31")),
            ("2026-12-31", ("2026-12-01", "2026-12-30"), ("2026-11-01", "2026-11-30")),
        ],
    )
    def test_months_of_different_length(self, today: str, now: tuple[str, str], before: tuple[str, str]) -> None:
        payments = [(before[0], 100, "A"), (before[1], 10, "A"), (now[0], 200, "A"), (now[1], 20, "A")]
        later = [(today, 5_000, "A")] if today != now[1] else []

        fact = only(change(snapshot(today, payments + later)))

        assert (shown(fact)["now"], shown(fact)["before"]) == ("2.20", "1.10")
        assert (fact.period.since, fact.period.until) == (day(now[0]), day(now[1]))

    @pytest.mark.parametrize(
        ("before", "now", "direction", "percent"),
        [
            (100, 150, Direction.UP, "50.00"),
            (100, 100, Direction.FLAT, None),
            (-100, 50, Direction.UP, None),
            (100, -50, Direction.DOWN, None),
            (100, 0, Direction.DOWN, "100.00"),
            (-100, -300, Direction.DOWN, None),
        ],
    )
    def test_direction_and_percent(self, before: int, now: int, direction: Direction, percent: str | None) -> None:
        fact = only(change(snapshot("2026-11-22", [("2026-10-01", before, "A"), ("2026-11-02", now, "A")])))

        assert fact.direction is direction
        assert shown(fact).get("percent") == percent

    def test_no_percentage_of_a_sum_that_refunds_have_bent(self) -> None:
        bought = [("2026-10-01", 10_000, "A"), ("2026-11-02", 5_000, "A")]

        percents = [
            shown(only(change(snapshot("2026-11-22", [*bought, ("2026-10-02", refund, "A")])))).get("percent")
            for refund in (-9_900, -5_000, -4_900)
        ]

        assert percents == [None, None, "1.96"]

    @pytest.mark.parametrize(
        "payments",
        [
            pytest.param([], id="an empty ledger"),
            pytest.param([("2026-11-02", 100, "A")], id="the first month"),
            pytest.param([("2026-10-08", 100, "A"), ("2026-11-02", 100, "A")], id="a month begun late"),
            pytest.param([("2026-10-02", 100, "A")], id="an empty month"),
            pytest.param([("2026-09-02", 100, "A"), ("2026-11-02", 100, "A")], id="an empty month before"),
            pytest.param([("2026-10-02", 100, "A"), ("2026-11-23", 100, "A")], id="dated ahead"),
        ],
    )
    def test_nothing_to_compare(self, payments: list[Payment]) -> None:
        assert change(snapshot("2026-11-22", payments)) == []


def test_every_fact_keeps_its_id_while_its_value_moves() -> None:
    before = find_facts(snapshot("2026-11-22", [("2026-10-01", 100, "A"), ("2026-11-02", 100, "A")]))
    after = find_facts(
        snapshot("2026-11-23", [("2026-10-01", 100, "A"), ("2026-11-02", 100, "A"), ("2026-11-23", 1, "A")])
    )

    assert [fact.id for fact in before] == [fact.id for fact in after]
    assert [fact.value.value for fact in before] != [fact.value.value for fact in after]
