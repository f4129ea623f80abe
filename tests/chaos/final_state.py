"""What is there in the end: journals, figures and lists as the API gives them, and what the stack says of itself."""

import json
from collections.abc import Sequence
from typing import Any

from tests.chaos.callers import ChaosCaller, Operation, OperationResult
from tests.chaos.history import ChaosHistory
from tests.chaos.replay import Entry
from tests.chaos.stacks import ChaosStack
from tests.chaos.workload import PERIODS, period_read
from tests.support.waiting import until

QUICKLY, IN_TIME = 10.0, 45.0
"""Seconds: for what must be so soon after rest, and for what the stack looks after every half minute."""


def note(stack: ChaosStack, callers: Sequence[ChaosCaller], history: ChaosHistory, *, thorough: bool) -> None:
    """Collects all of it into the history."""
    wrong = []
    for caller in callers:
        journal = _journal(caller)
        summary = _get(caller, period_read("summary", len(journal), *PERIODS[0])).body
        audit = _audited(caller, len(journal)) if thorough else _get(caller, _audit()).body
        if thorough and not _agrees(audit, len(journal)):
            wrong.append(f"the audit has not agreed at revision {len(journal)}: {audit}")
        history.record(
            "final",
            ledger=caller.account.ledger,
            journal=journal,
            summary=json.dumps(summary),
            list=_list(caller),
            audit=audit,
        )
    for program, name, patience in (
        ("expenses", "outlay_entries_not_announced", QUICKLY),
        ("consumer", "outlay_entries_behind", IN_TIME if thorough else 0),
        ("consumer", "outlay_ledgers_parked", IN_TIME if thorough else 0),
    ):
        if patience and not _is_zero(stack, program, name, patience):
            wrong.append(f"{name} is {stack.metric(program, name)} at rest")
    history.record("end", wrong=wrong)


def _get(caller: ChaosCaller, operation: Operation) -> OperationResult:
    def answered() -> OperationResult | None:
        result = caller.call(operation)
        return result if result.kind == "ok" else None

    found = until(answered, what=f"an answer to {operation.do}")
    assert found is not None
    return found


def _journal(caller: ChaosCaller) -> list[Entry]:
    entries: list[Entry] = []
    while True:
        path = f"/api/v1/journal?after={len(entries)}&limit=500"
        page = _get(caller, Operation("journal", "GET", path)).body["items"]
        if not page:
            return entries
        entries += page


def _list(caller: ChaosCaller) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = _get(caller, Operation("pages", "GET", f"/api/v1/expenses?limit=500{cursor}")).body
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = f"&cursor={page['next_cursor']}"


def _audit() -> Operation:
    return Operation("audit", "GET", "/api/v1/audit")


def _agrees(audit: dict[str, Any], revision: int) -> bool:
    return bool(audit["revision"] >= revision and audit["agreed_at"] == audit["audited_at"])


def _audited(caller: ChaosCaller, revision: int) -> dict[str, Any]:
    """The audit's word on the last revision, or its newest word."""
    latest: dict[str, Any] = {}

    def agrees() -> bool:
        latest.update(_get(caller, _audit()).body)
        return _agrees(latest, revision)

    _patiently(agrees, IN_TIME)
    return latest


def _is_zero(stack: ChaosStack, program: str, name: str, patience: float) -> bool:
    return _patiently(lambda: stack.metric(program, name) == 0, patience)


def _patiently(condition: Any, patience: float) -> bool:
    try:
        until(condition, what="it", timeout=patience)
    except AssertionError:
        return False
    return True
