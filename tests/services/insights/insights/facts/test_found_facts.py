"""What single payments tell, and when they tell nothing; each case small enough to be worked out by hand."""

from urllib.parse import quote

import pytest

from services.insights.insights.facts.fact import EvidenceProof, Fact, FactKind
from services.insights.insights.facts.finders import find_facts
from services.insights.insights.facts.kinds.duplicate import duplicate
from services.insights.insights.facts.kinds.lowest_month import lowest_month
from services.insights.insights.facts.kinds.new_merchant import new_merchant
from services.insights.insights.facts.kinds.price_rise import price_rise
from services.insights.insights.facts.kinds.recurring import recurring
from services.insights.insights.facts.kinds.stopped import stopped
from services.insights.insights.facts.kinds.streak import streak
from services.insights.insights.facts.kinds.unusual import unusual
from services.insights.insights.facts.kinds.upcoming import upcoming
from services.insights.insights.wording.slots import fill, locale_of, template_for
from tests.support.facts import Payment, only, shown, snapshot
from tests.support.plain_ledgers import LEDGERS, TODAY, monthly, shopping

SENTENCES = {
    FactKind.CATEGORY_CHANGE: (
        "Fun: €440.70 up to 22 November, €274.30 more than in the same days of October (€166.40)."
    ),
    FactKind.MERCHANT_CHANGE: (
        "Odeon got €440.70 up to 22 November: €274.30 more than in the same days of October (€166.40)."
    ),
    FactKind.UNUSUAL: "€312.50 at market on 19 November is unusual: a typical payment there is €31.00.",
    FactKind.DUPLICATE: "SAFFRON was paid €64.80 on 13 November, 2 times. Was it charged twice?",
    FactKind.NEW_MERCHANT: "kayak is new to your book: €70.00 in 2 payments since 18 November.",
    FactKind.RECURRING: "Stream keeps coming back: €13.99 the last time, on 17 November; that makes €167.88 a year.",
    FactKind.PRICE_RISE: (
        "Stream costs €3.00 more: €13.99 since 17 September, €10.99 until then. Over a year that makes €36.00."
    ),
    FactKind.STOPPED: (
        "Gym seems to have stopped: nothing since €39.00 on 3 September, where it was expected around 3 October."
    ),
    FactKind.UPCOMING: "Insurer is expected around 25 November: it was €42.50 the last time, on 25 October.",
}


def told(fact: Fact) -> str:
    known = locale_of("en-GB")
    return fill(template_for(fact, known), fact, known)[0]


@pytest.mark.parametrize("kind", SENTENCES)
def test_what_is_told(kind: FactKind) -> None:
    (fact,) = (fact for fact in find_facts(snapshot(TODAY, LEDGERS[kind])) if fact.kind is kind)

    assert told(fact) == SENTENCES[kind]


@pytest.mark.parametrize("kind", FactKind)
def test_every_number_has_its_proof_and_every_fact_an_id_that_lasts(kind: FactKind) -> None:
    facts = find_facts(snapshot(TODAY, LEDGERS[kind]))

    assert len({fact.id for fact in facts}) == len(facts)
    for fact in facts:
        assert len(fact.id) <= 80
        assert quote(fact.id, safe="") == fact.id  # the gateway refuses what need not be encoded, and clients encode
        assert "market" not in fact.id.lower()
        for name, slot in fact.slots.items():
            assert slot.evidence or slot.unit in {"", "months"}, (fact.id, name)
            assert slot.form != "count" or slot.evidence is None or slot.proof is EvidenceProof.COUNT


def test_a_series_is_followed_through_weekends_short_months_and_one_missing_charge() -> None:
    days = ["2026-01-30", "2026-03-02", "2026-03-30", "2026-04-30", "2026-06-01", "2026-08-01", "2026-08-31"]
    charges = [(on, 999, "Fun", "Stream") for on in (*days, "2026-09-30", "2026-10-30")]

    (fact,) = (fact for fact in recurring(snapshot(TODAY, charges)) if fact.kind is FactKind.RECURRING)

    assert shown(fact)["yearly"] == "119.88"
    assert shown(fact)["charges"] in {"4", "9"}


@pytest.mark.parametrize(
    "payments",
    [
        pytest.param(monthly("Stream", "Fun", 17, {"2026-10": 999}), id="two charges"),
        pytest.param(shopping(), id="a habit"),
        pytest.param(
            monthly("Baker", "Food", 9, {f"2026-{m:02d}": m * m * 700 for m in range(6, 12)}), id="any amount"
        ),
        pytest.param(
            [("2026-09-01", 500, "A", ""), ("2026-10-01", 500, "A", ""), ("2026-11-01", 500, "A", "")], id="unknown"
        ),
    ],
)
def test_what_does_not_come_back_by_itself(payments: list[Payment]) -> None:
    assert recurring(snapshot(TODAY, payments)) == []


@pytest.mark.parametrize(
    "amounts",
    [
        pytest.param({"2025-09": 1_399, "2026-09": 1_099}, id="it fell"),
        pytest.param({"2025-09": 1_099, "2026-05": 1_399}, id="long ago"),
        pytest.param({"2025-09": 1_099, "2026-09": 1_110}, id="by one per cent"),
        pytest.param({"2026-08": 1_099, "2026-10": 1_399}, id="hardly begun"),
        pytest.param({"2025-09": 1_399, "2026-04": 1_099, "2026-09": 1_399}, id="back to what it was"),
    ],
)
def test_no_price_rise(amounts: dict[str, int]) -> None:
    assert price_rise(snapshot(TODAY, monthly("Stream", "Fun", 17, amounts))) == []


def test_a_series_that_has_stopped_is_told_for_two_months_and_not_where_the_merchant_was_paid_since() -> None:
    charges = monthly("Gym", "Sport", 3, {"2025-09": 3_900, "2026-08": 0})
    on = {
        today: stopped(snapshot(today, charges)) for today in ("2026-08-10", "2026-08-20", "2026-10-10", "2026-11-22")
    }

    assert [len(facts) for facts in on.values()] == [0, 1, 1, 0]
    assert stopped(snapshot("2026-08-20", [*charges, ("2026-08-18", 700, "Food", "gym")])) == []


def test_what_is_booked_ahead_is_not_expected() -> None:
    charges = monthly("Insurer", "Home", 25, {"2025-09": 4_250})

    assert len(upcoming(snapshot(TODAY, charges))) == 1
    assert upcoming(snapshot(TODAY, [*charges, ("2026-11-25", 4_250, "Home", "INSURER")])) == []


def test_small_samples_and_known_large_payments_are_not_unusual() -> None:
    large = ("2026-11-19", 31_250, "Food", "Market")

    assert unusual(snapshot(TODAY, [*shopping("2026-09-20"), large])) == []
    assert unusual(snapshot(TODAY, [*shopping(), ("2026-02-19", 32_000, "Food", "Market"), large])) == []
    assert unusual(snapshot(TODAY, [*shopping(), ("2026-11-19", 6_100, "Food", "Market")])) == []


@pytest.mark.parametrize(
    "payments",
    [
        pytest.param([("2026-11-13", 320, "Fun", "Saffron")] * 2, id="a small amount"),
        pytest.param([("2026-11-13", 6_480, "Fun", "Saffron"), ("2026-11-14", 6_480, "Fun", "Saffron")], id="two days"),
        pytest.param([("2026-11-13", 6_480, "Fun", "")] * 2, id="unknown"),
        pytest.param([("2026-11-13", 6_480, "Fun", "Newcomer")] * 2, id="hardly known"),
        pytest.param([("2026-11-13", 7_130, "Fun", "Saffron")] * 2, id="a price that was paid before"),
        pytest.param([("2026-08-13", 6_480, "Fun", "Saffron")] * 2, id="long ago"),
        pytest.param([("2026-11-13", -6_480, "Fun", "Saffron")] * 2, id="refunds"),
    ],
)
def test_no_mistake(payments: list[Payment]) -> None:
    before = [payment for payment in LEDGERS[FactKind.DUPLICATE] if payment[0] < "2026-11-13" or payment[2] == "Food"]

    assert duplicate(snapshot(TODAY, [*before, *payments])) == []


def test_pairs_that_happen_there_are_no_mistake_and_a_bill_twice_is_one() -> None:
    twice = [("2026-11-13", 6_480, "Fun", "Saffron")] * 2
    earlier = [("2026-07-04", 5_555, "Fun", "Saffron")] * 2
    bill = monthly("Stream", "Fun", 17, {"2025-09": 1_399})

    assert duplicate(snapshot(TODAY, [*shopping(), *earlier, *LEDGERS[FactKind.DUPLICATE], *twice])) == []
    assert only(duplicate(snapshot(TODAY, [*shopping(), *bill, bill[-1]]))).value.value == "13.99"


def test_a_merchant_is_new_once_large_and_in_a_ledger_that_is_settled() -> None:
    new: list[Payment] = [("2026-11-20", 7_900, "Fun", "Kayak")]

    assert len(new_merchant(snapshot(TODAY, shopping() + new))) == 1
    assert new_merchant(snapshot(TODAY, shopping("2026-10-01") + new)) == []
    assert new_merchant(snapshot(TODAY, [*shopping(), ("2025-12-24", 50, "Fun", "kayak"), *new])) == []
    assert new_merchant(snapshot(TODAY, [*shopping(), ("2026-11-20", 790, "Fun", "Kayak")])) == []


def test_good_news_needs_months_that_were_kept_and_a_clear_difference() -> None:
    assert lowest_month(snapshot(TODAY, shopping("2026-06-01"))) == []
    assert lowest_month(snapshot(TODAY, shopping())) == []
    assert streak(snapshot(TODAY, shopping())) == []
    (fact,) = streak(snapshot(TODAY, LEDGERS[FactKind.STREAK]))
    assert told(fact) == "3 months in a row got lighter: from €483.00 in July to €332.00 in October."


@pytest.mark.parametrize("gap", ["2026-09", "2026-08", "2026-07"])
def test_months_on_both_sides_of_an_empty_one_are_no_streak(gap: str) -> None:
    falling = [payment for payment in LEDGERS[FactKind.STREAK] if payment[0][:7] != gap]

    assert streak(snapshot(TODAY, falling)) == []


def test_a_streak_that_no_payment_of_the_last_month_carries_on_is_over() -> None:
    until_october = [payment for payment in LEDGERS[FactKind.STREAK] if payment[0] < "2026-11"]

    assert len(streak(snapshot("2026-11-05", until_october))) == 1
    assert streak(snapshot("2026-12-05", until_october)) == []


@pytest.mark.parametrize("first", ["0001-01-01", "9999-12-31"])
def test_a_payment_at_the_end_of_the_calendar_takes_no_fact_away(first: str) -> None:
    kinds = {fact.kind for fact in find_facts(snapshot(TODAY, [(first, 100, "Food"), *LEDGERS[FactKind.LOWEST_MONTH]]))}

    assert FactKind.LOWEST_MONTH in kinds


def test_of_more_equal_payments_than_a_list_can_name_none_is_a_mistake() -> None:
    batch = [("2026-11-13", 6_480, "Fun", "Saffron")] * 101

    assert duplicate(snapshot(TODAY, [*shopping(), *LEDGERS[FactKind.DUPLICATE], *batch])) == []
