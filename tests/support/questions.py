"""A user with some payments who asks, and the proof of what they are told."""

import datetime as dt
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from tests.support.events import Event, EventStream
from tests.support.ledger_services import LedgerUser

TODAY = dt.datetime.now(ZoneInfo("Europe/Berlin")).date()
FIRST = TODAY.replace(day=1)
BEFORE = (FIRST - dt.timedelta(days=1)).replace(day=1)
YEAR = FIRST.replace(year=FIRST.year - 1)

PAYMENTS = [
    {"amount": "4.20", "category": "Coffee", "merchant": "Bar Centrale", "spent_on": str(FIRST)},
    {"amount": "3.80", "category": "Coffee", "merchant": "BAR centrale", "spent_on": str(FIRST)},
    {"amount": "30", "category": "Food", "merchant": "Rewe", "note": "for mum@example.org", "spent_on": str(FIRST)},
    {"amount": "-5", "category": "Food", "merchant": "Rewe", "spent_on": str(FIRST)},
    {"amount": "2.10", "category": "Coffee", "merchant": "Bar Centrale", "spent_on": str(BEFORE)},
    {"amount": "40", "category": "Food", "merchant": "Rewe", "spent_on": str(BEFORE)},
    {"amount": "9", "currency": "USD", "category": "Coffee", "merchant": "Blue Bottle", "spent_on": str(FIRST)},
    {"amount": "1", "category": "Coffee", "merchant": "Bar Centrale", "spent_on": str(YEAR)},
    {"amount": "77", "category": "Coffee", "merchant": "Rewe", "spent_on": str(TODAY + dt.timedelta(days=40))},
]


def ask_question(user: LedgerUser, question: str) -> list[Event]:
    with EventStream(user.totals, "/api/v1/ask", body={"question": question}) as stream:
        assert stream.answer.status == 200
        return list(stream)


def sentences(events: list[Event]) -> list[str]:
    return [event.data["text"].replace("\u00a0", " ") for event in events if event.name == "sentence"]


def numeric_pieces(events: list[Event]) -> list[dict[str, Any]]:
    pieces = [piece for event in events if event.name == "sentence" for piece in event.data["pieces"]]
    return [piece for piece in pieces if "value" in piece]


def assert_proven(user: LedgerUser, events: list[Event]) -> None:
    """Each number is the sum or the count of its list, or the difference of the two beside it."""
    for event in events:
        if event.name != "sentence":
            continue
        assert "".join(piece["text"] for piece in event.data["pieces"]) == event.data["text"]
        sums = []
        for piece in event.data["pieces"]:
            if "evidence" in piece:
                items = user.book.get(f"/api/v1/expenses?limit=500&{urlencode(piece['evidence'])}").json["items"]
                total = sum((Decimal(item["amount"]) for item in items), Decimal())
                assert Decimal(piece["value"]) == (len(items) if piece["unit"] == "payments" else total), piece
                sums.append(Decimal(piece["value"]))
            elif "value" in piece:
                sums.append(Decimal(piece["value"]))
        if any("value" in piece and "evidence" not in piece for piece in event.data["pieces"]):
            assert any(abs(one - other) == rest for one in sums for other in sums for rest in sums)


def give_llm_consent(user: LedgerUser) -> None:
    """Says yes to the place where the model is."""
    place = user.totals.get("/api/v1/insights/settings").json["model"]["place"]
    body = {"allowed": True, "place": place}
    assert user.totals.call("PUT", "/api/v1/insights/settings", body).status == 200
