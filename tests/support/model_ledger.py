"""A ledger as a dictionary: what the book must hold and the totals must say, worked out the plainest way."""

import datetime as dt
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from contracts.ids import ActionId, ExpenseId

CURRENCY = "EUR"
"""The ledger's own."""


class ModelPayment(NamedTuple):
    minor: int
    currency: str
    category: str
    day: dt.date

    def body(self) -> dict[str, str]:
        """What a client sends."""
        amount = f"{'-' if self.minor < 0 else ''}{abs(self.minor) // 100}.{abs(self.minor) % 100:02d}"
        return {
            "amount": amount,
            "currency": self.currency,
            "category": self.category,
            "spent_on": self.day.isoformat(),
        }


Payments = dict[ExpenseId, ModelPayment]
Changes = dict[ExpenseId, tuple[ModelPayment | None, ModelPayment | None]]


@dataclass
class LedgerModel:
    """`history` has the payments at each revision, so that totals can be judged wherever they stand."""

    payments: Payments = field(default_factory=dict)
    history: dict[int, Payments] = field(default_factory=dict)
    actions: dict[ActionId, Changes] = field(default_factory=dict)

    @property
    def head(self) -> int:
        return max(self.history)

    def record(self, revision: int, action: ActionId | None, changes: Changes) -> None:
        """What a write did. A write that changed nothing has no action, and the revision from before."""
        changes = {id_: pair for id_, pair in changes.items() if pair[0] != pair[1]}
        assert (action is not None) == bool(changes)
        assert revision == self.head + bool(changes)
        for id_, (_, after) in changes.items():
            if after is None:
                del self.payments[id_]
            else:
                self.payments[id_] = after
        self.history[revision] = dict(self.payments)
        if action:
            self.actions[action] = changes

    def undo(self, action: ActionId) -> tuple[Changes, set[ExpenseId]]:
        """What undoing an action changes, and which payments stand in the way, since they have changed."""
        changes = self.actions[action]
        in_the_way = {id_ for id_, (_, after) in changes.items() if self.payments.get(id_) != after}
        return {id_: (pair[1], pair[0]) for id_, pair in changes.items() if id_ not in in_the_way}, in_the_way

    def backup(self) -> Self:
        return deepcopy(self)


def summary(payments: Iterable[ModelPayment], since: dt.date, until: dt.date) -> dict[str, Any]:
    """What the API says of them, as far as it is arithmetic."""
    inside = [payment for payment in payments if since <= payment.day <= until]
    own = [payment for payment in inside if payment.currency == CURRENCY]
    others = {payment.currency for payment in inside} - {CURRENCY}
    return {
        "all": _sum(own),
        "categories": {name: _sum(p for p in own if p.category == name) for name in {p.category for p in own}},
        "other": {code: _sum(p for p in inside if p.currency == code) for code in others},
    }


def parsed_summary(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a summary as the API has it."""
    return {
        "all": _said(answer),
        "categories": {item["category"]: _said(item) for item in answer["categories"]},
        "other": {item["currency"]: _said(item) for item in answer["other"]},
    }


def _sum(payments: Iterable[ModelPayment]) -> tuple[int, int]:
    minors = [payment.minor for payment in payments]
    return sum(minors), len(minors)


def _said(item: Mapping[str, Any]) -> tuple[int, int]:
    return int(item["total"].replace(".", "")), item["count"]
