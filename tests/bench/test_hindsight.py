"""The judge of insights, on ledgers small enough to be judged by hand. It shares no rule with the finders."""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bench.hindsight.bills import plain_bills
from bench.hindsight.ledgers import RecordedLedger, read_csv
from bench.hindsight.plain_cases import plain_cases
from bench.hindsight.report import interval
from bench.hindsight.verdicts import Verdict, verdict
from bench.hindsight.walk import walk
from services.insights.insights.facts.fact import Fact, FactKind
from services.insights.insights.facts.finders import find_facts

Row = tuple[dt.date, str, str]
NewLedger = Callable[[Sequence[Row]], RecordedLedger]


@pytest.fixture
def new_ledger(tmp_path: Path) -> NewLedger:
    def create(rows: Sequence[Row]) -> RecordedLedger:
        lines = [f"{day},{amount},EUR,{merchant},{merchant or 'Food'}" for day, amount, merchant in sorted(rows)]
        file = tmp_path / "made.csv"
        file.write_text("\n".join(["day,amount,currency,merchant,category", *lines]), "utf-8")
        return read_csv(file)

    return create


def monthly(merchant: str, amount: str, first: int, last: int, day: int = 5) -> list[Row]:
    """Charges in months of 2024 and 2025, counted from 1."""
    return [(dt.date(2024 + (n - 1) // 12, (n - 1) % 12 + 1, day), amount, merchant) for n in range(first, last + 1)]


def food(days: int = 730) -> list[Row]:
    return [(dt.date(2024, 1, 1) + dt.timedelta(days=3 * n), f"{10 + n % 7}.00", "") for n in range(days // 3)]


def verdict_on(ledger: RecordedLedger, kind: FactKind, today: dt.date, merchant: str) -> Verdict:
    facts = find_facts(ledger.snapshot(today))
    (fact,) = (fact for fact in facts if fact.kind is kind and _is_about(fact, merchant))
    return verdict(ledger, today, fact)


def _is_about(fact: Fact, merchant: str) -> bool:
    return "merchant" in fact.slots and fact.slots["merchant"].value == merchant


ENDED = monthly("Video", "9.99", 1, 8)
TOLD = dt.date(2024, 9, 28)


@pytest.mark.parametrize(
    ("after", "right"),
    [
        ([], True),
        (monthly("Video", "9.99", 10, 24), False),
        ([(day, amount, "Video") for day, amount, _ in monthly("", "10.49", 11, 12)], False),
        (monthly("Music", "9.99", 9, 24), True),
    ],
    ids=["never again", "came back", "came back at another price", "another one of that price elsewhere"],
)
def test_what_stopped_must_not_come_back(new_ledger: NewLedger, after: list[Row], right: bool) -> None:  # noqa: FBT001
    ledger = new_ledger([*food(), *ENDED, *after])

    assert verdict_on(ledger, FactKind.STOPPED, TOLD, "Video") is right


def test_nothing_is_decided_where_the_ledger_ends_first(new_ledger: NewLedger) -> None:
    ledger = new_ledger([*food(days=280), *ENDED])

    assert verdict_on(ledger, FactKind.STOPPED, TOLD, "Video") is None


@pytest.mark.parametrize(("last", "right"), [(24, True), (7, False)])
def test_what_recurs_must_come_twice_more(new_ledger: NewLedger, last: int, right: bool) -> None:  # noqa: FBT001
    ledger = new_ledger([*food(), *monthly("Gym", "30.00", 1, last)])

    assert verdict_on(ledger, FactKind.RECURRING, dt.date(2024, 6, 10), "Gym") is right


@pytest.mark.parametrize(("then", "right"), [("12.00", True), ("10.00", False)])
def test_a_price_that_rose_must_stay(new_ledger: NewLedger, then: str, right: bool) -> None:  # noqa: FBT001
    rows = [*monthly("Phone", "10.00", 1, 8), *monthly("Phone", "12.00", 9, 9), *monthly("Phone", then, 10, 24)]
    ledger = new_ledger([*food(), *rows])

    assert verdict_on(ledger, FactKind.PRICE_RISE, dt.date(2024, 9, 8), "Phone") is right


def test_a_plain_bill_is_all_payments_to_its_payee_in_step(new_ledger: NewLedger) -> None:
    bills = monthly("Rent", "900.00", 1, 24, day=1) + monthly("Bakery", "3.00", 1, 24)
    now_and_then = [(dt.date(2024, 3, 9), "3.00", "Bakery"), (dt.date(2024, 8, 20), "3.00", "Bakery")]
    ledger = new_ledger([*food(), *bills, *now_and_then])

    found = [(bill.last.merchant, len(bill.charges)) for bill in plain_bills(ledger)]
    assert ("Rent", 24) in found
    assert ("Bakery", 24) not in found


def test_plain_cases_have_their_days(new_ledger: NewLedger) -> None:
    rises = [*monthly("Phone", "10.00", 1, 9), *monthly("Phone", "12.00", 10, 14)]
    ledger = new_ledger([*food(), *rises])

    cases = {case.kind: case.time for case in plain_cases(ledger) if case.kind is not FactKind.UPCOMING}
    assert cases[FactKind.RECURRING].since == dt.date(2024, 6, 5)
    assert cases[FactKind.PRICE_RISE].since == dt.date(2024, 10, 5)
    assert cases[FactKind.STOPPED].since == dt.date(2025, 3, 10)  # due on the 5th, and five days late


def test_a_walk_uses_nothing_of_later_days(new_ledger: NewLedger) -> None:
    ledger = new_ledger([*food(), *monthly("Rent", "900.00", 1, 24, day=1)])
    today = dt.date(2024, 9, 18)

    assert max(payment.day for payment in ledger.snapshot(today).payments) <= today
    result = walk(ledger)
    assert result.pages > 100
    assert result.kinds[FactKind.RECURRING].verdicts[True] >= 1


def test_the_interval_is_wilsons() -> None:
    low, high = interval(8, 10)

    assert (round(low, 3), round(high, 3)) == (0.49, 0.943)
