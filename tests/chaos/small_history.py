"""A history small enough to read: a ledger is opened, an expense recorded, corrected and seen; then everybody rests."""

import json
from typing import Any

from tests.chaos.history import Event
from tests.chaos.replay import JournalReplay
from tests.chaos.workload import PERIODS

LEDGER = "L"
FOOD = {"kind": "category", "id": "food", "before": None, "after": {"name": "Food"}}
YEAR = {"since": PERIODS[0][0], "until": PERIODS[0][1]}


def image(amount: str, note: str) -> dict[str, Any]:
    more: dict[str, Any] = {"merchant": None, "tags": [], "minor": 0}
    return {"amount": amount, "currency": "EUR", "category": "food", "note": note, "spent_on": "2026-02-02", **more}


def entry(revision: int, pairs: list[dict[str, Any]], action: str = "record_expense") -> dict[str, Any]:
    named = {"id": f"e{revision}", "previous": f"e{revision - 1}" if revision > 1 else None, "action": action}
    return {"revision": revision, "action_id": f"a{revision}", "request_id": f"r{revision}", "pairs": pairs, **named}


def expense(id_: str, before: Any, after: Any) -> dict[str, Any]:
    return {"kind": "expense", "id": id_, "before": before, "after": after}


def asked(amount: str, note: str) -> dict[str, Any]:
    return {
        **{name: image(amount, note)[name] for name in ("amount", "currency", "note", "spent_on")},
        "category": "Food",
    }


def call(number: int, do: str, asked: dict[str, Any], revision: int, body: Any, minimum: int = 0) -> list[Event]:
    same = {"op": f"o{number}", "request": f"r{number}", "do": do, "ledger": LEDGER}
    action = f"a{number}" if do in {"create", "correct"} else None
    answer = {"status": 200, "revision": revision, "action": action, "body": json.dumps(body)}
    return [
        {"kind": "invoke", "t": number, "client": "c", "asked": asked, "minimum": minimum, **same},
        {"kind": "ok", "t": number + 0.5, **same, **answer},
    ]


def small_history() -> list[Event]:
    """Nothing is wrong in it."""
    opened = [{"kind": "ledger", "id": LEDGER, "before": None, "after": {"currency": "EUR"}}]
    first, second = image("10.00", "c/1"), image("12.50", "c/2")
    journal = [
        entry(1, opened, "open_ledger"),
        entry(2, [FOOD, expense("x", None, first)]),
        entry(3, [expense("x", first, second)], "correct_expense"),
    ]
    replay = JournalReplay()
    assert [wrong for one in journal for wrong in replay.take(one)] == []
    summary, listed = replay.summary(*PERIODS[0]), replay.listed(*PERIODS[0])
    assert (summary["total"], summary["count"]) == ("12.50", 1)
    rest = {"head": 3, "fresh": True, "seen": 3, "told": 3, "heard": True, "read": 0.1, "live": 0.1}
    final = {"journal": journal, "summary": json.dumps(summary), "list": listed, "audit": {"drifts": 0}}
    return [
        *call(2, "create", asked("10.00", "c/1"), 2, {}),
        *call(3, "correct", {"id": "x", "amount": "12.50", "note": "c/2"}, 3, {}),
        *call(4, "summary", YEAR, 3, summary, minimum=3),
        {"kind": "rest", "t": 5, "ledger": LEDGER, **rest},
        {"kind": "final", "t": 6, "ledger": LEDGER, **final},
        {"kind": "end", "t": 7, "wrong": []},
    ]
