"""Every currency that was ever accepted can be recorded, listed and added up."""

import pytest

from contracts.currencies import CURRENCIES
from contracts.money import Money
from tests.support.ledger_services import LedgerServices


def test_every_currency_is_recorded_and_added_up(services: LedgerServices) -> None:
    user = services.new_user()
    amounts = {code: Money(123_456, code).amount for code in CURRENCIES}
    create = [
        {"amount": amount, "currency": code, "category": "Travel", "spent_on": "2001-05-05"}
        for code, amount in amounts.items()
    ]
    assert user.book.post("/api/v1/expenses/batch", {"create": create}).status == 200

    listed = user.book.get("/api/v1/expenses?limit=500").json["items"]
    assert {item["currency"]: item["amount"] for item in listed} == amounts
    summary = user.totals.get("/api/v1/summary?from=2001-05-01&to=2001-05-31").json
    totals = {other["currency"]: other["total"] for other in summary["other"]} | {"EUR": summary["total"]}
    assert totals == amounts


@pytest.mark.parametrize("code", ["HRK", "BGN", "ITL"])
def test_a_ledger_may_be_kept_in_a_currency_of_the_past(services: LedgerServices, code: str) -> None:
    user = services.new_user(code)
    user.record("12", spent_on="2001-05-05")
    summary = user.totals.get("/api/v1/summary?from=2001-05-01&to=2001-05-31").json
    assert (summary["currency"], summary["total"]) == (code, Money(12 * 10 ** CURRENCIES[code].decimals, code).amount)
    trends = user.totals.get("/api/v1/trends?from=2001-05-05&to=2001-05-05&by=day").json
    assert trends["totals"] == [summary["total"]]
