"""What clients ask for: writes that leave a mark by which they are known again, and reads that can be computed."""

import random
from datetime import date, timedelta
from typing import Any

from tests.chaos.callers import Operation, SharedKnowledge

CATEGORIES = ("Food", "Rent", "Travel", "Books", "Gifts", "Health")
FIRST, DAYS = date(2026, 1, 20), 50
"""All payments are of these days: few enough that many fall into one cell, in three months."""
PERIODS = (("2026-01-01", "2026-12-31"), ("2026-02-01", "2026-02-28"), ("2026-02-10", "2026-03-05"))
TRENDS = ((*PERIODS[2], "day"), (*PERIODS[0], "week"), (*PERIODS[0], "month"))
MOST_KEPT = 250
"""Expenses of a ledger above which more are removed than recorded."""


class Workload:
    """The asks of one client."""

    def __init__(self, name: str, known: SharedKnowledge, chance: random.Random) -> None:
        self._name = name
        self._known = known
        self._chance = chance
        self._count = 0

    def write(self) -> Operation:
        many = len(self._known.ids) > MOST_KEPT
        ways = {self._create: 2 if many else 10, self._correct: 5, self._remove: 8 if many else 2}
        ways |= {self._batch: 2, self._undo: 2}
        return self._chance.choices(list(ways), list(ways.values()))[0]()

    def read(self, minimum: int) -> Operation:
        way = self._chance.choices(["summary", "trends", "list"], [8, 2, 2])[0]
        if way == "summary":
            return period_read("summary", minimum, *self._chance.choice(PERIODS))
        if way == "trends":
            since, until, by = self._chance.choice(TRENDS)
            return period_read("trends", minimum, since, until, f"&by={by}", by=by)
        day = FIRST + timedelta(days=self._chance.randrange(DAYS))
        return period_read("list", minimum, day.isoformat(), (day + timedelta(days=6)).isoformat(), "&limit=500")

    def _expense(self) -> dict[str, Any]:
        self._count += 1
        cents = self._chance.randint(1, 50_000) * self._chance.choice((1, 1, 1, -1))
        day = FIRST + timedelta(days=self._chance.randrange(DAYS))
        return {
            "amount": f"{cents / 100:.2f}",
            "currency": "USD" if self._chance.random() < 0.1 else "EUR",
            "category": self._chance.choice(CATEGORIES),
            "note": f"{self._name}/{self._count}",
            "spent_on": day.isoformat(),
        }

    def _patch(self) -> dict[str, Any]:
        new = self._expense()
        return {name: new[name] for name in ("amount", "note", *self._chance.sample(("category", "spent_on"), 1))}

    def _create(self) -> Operation:
        body = self._expense()
        return Operation("create", "POST", "/api/v1/expenses", body, body, key=f"{self._name}-{self._count}")

    def _some(self, count: int) -> list[str]:
        """Expenses of the ledger, rather the newest: those that other clients are at as well."""
        recent = self._known.ids[-12:] if self._chance.random() < 0.6 else self._known.ids
        return self._chance.sample(recent, min(count, len(recent)))

    def _correct(self) -> Operation:
        if not (found := self._some(1)):
            return self._create()
        body = self._patch()
        return Operation("correct", "PATCH", f"/api/v1/expenses/{found[0]}", body, {"id": found[0], **body})

    def _remove(self) -> Operation:
        if not (found := self._some(1)):
            return self._create()
        return Operation("remove", "DELETE", f"/api/v1/expenses/{found[0]}", None, {"id": found[0]})

    def _batch(self) -> Operation:
        named = self._some(4)
        update = [{"id": id_, **self._patch()} for id_ in named[:2]]
        body = {"create": [self._expense() for _ in range(3)], "update": update, "delete": named[2:]}
        return Operation("batch", "POST", "/api/v1/expenses/batch", body, body, key=f"{self._name}-b{self._count}")

    def _undo(self) -> Operation:
        if not self._known.actions:
            return self._create()
        action = self._chance.choice(self._known.actions[-8:])
        skip = "?skip=changed" if self._chance.random() < 0.5 else ""
        return Operation("undo", "POST", f"/api/v1/journal/{action}/undo{skip}", None, {"action": action})


def period_read(do: str, minimum: int, since: str, until: str, more: str = "", **asked: str) -> Operation:
    """A read of a period."""
    path = "expenses" if do == "list" else do
    period = {"since": since, "until": until}
    return Operation(do, "GET", f"/api/v1/{path}?from={since}&to={until}{more}", None, {**period, **asked}, minimum)
