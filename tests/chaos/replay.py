"""A ledger as its journal says it must be: read again with none of Outlay's own code, and no cleverness."""

import calendar
import datetime as dt
from collections import defaultdict
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

Entry = dict[str, Any]
Cells = dict[tuple[str, str, str], list[int]]

CENTS = 2
"""Decimals of every currency that the clients use."""


def minor(amount: str) -> int:
    return int(Decimal(amount).scaleb(CENTS))


def written(cents: int) -> str:
    return f"{Decimal(cents).scaleb(-CENTS):f}"


class JournalReplay:
    """Takes entries in order; answers what Outlay has to answer at that revision."""

    def __init__(self) -> None:
        self.revision = 0
        self.last: str | None = None
        self.expenses: dict[str, dict[str, Any]] = {}
        self.categories: dict[str, str] = {}
        self.currency = ""
        self._cells: Cells = defaultdict(lambda: [0, 0])

    def take(self, entry: Entry) -> list[str]:
        """Applies the next entry; what is wrong with it."""
        wrong = []
        if entry["revision"] != self.revision + 1:
            wrong.append(f"revision {entry['revision']} follows {self.revision}")
        if entry["previous"] != self.last:
            wrong.append(f"entry {entry['revision']} does not chain to the one before")
        for pair in entry["pairs"]:
            if pair["kind"] == "ledger":
                self.currency = pair["after"]["currency"]
            elif pair["kind"] == "category":
                self._category(pair)
            elif self.expenses.get(pair["id"]) != pair["before"]:
                wrong.append(f"entry {entry['revision']} has a wrong before-image of {pair['id']}")
                self._expense(pair)
            else:
                self._expense(pair)
        self.revision, self.last = entry["revision"], entry["id"]
        return wrong

    def _category(self, pair: dict[str, Any]) -> None:
        if pair["after"]:
            self.categories[pair["id"]] = pair["after"]["name"]
        else:
            self.categories.pop(pair["id"], None)

    def _expense(self, pair: dict[str, Any]) -> None:
        before = self.expenses.pop(pair["id"], None)
        for image, sign in ((before, -1), (pair["after"], 1)):
            if image:
                key = (image["spent_on"], image["category"], image["currency"])
                cell = self._cells[key]
                cell[0] += sign * minor(image["amount"])
                cell[1] += sign
                if not cell[1]:
                    del self._cells[key]
        if pair["after"]:
            self.expenses[pair["id"]] = pair["after"]

    def summary(self, since: str, until: str) -> dict[str, Any]:
        own: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        other: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for (day, category, currency), (cents, count) in self._cells.items():
            if since <= day <= until:
                sums = own[category] if currency == self.currency else other[currency]
                sums[0] += cents
                sums[1] += count
        total = sum(cents for cents, _ in own.values())
        bent = any(cents < 0 for cents, _ in own.values())
        ranked = sorted(own.items(), key=lambda item: (-item[1][0], self.categories[item[0]], item[0]))
        return {
            "from": since,
            "to": until,
            "currency": self.currency,
            "total": written(total),
            "count": sum(count for _, count in own.values()),
            "categories": [
                {"category": self.categories[id_], "category_id": id_, "total": written(cents), "count": count}
                | {"share": None if bent else _share(cents, total)}
                for id_, (cents, count) in ranked
            ],
            "other": [
                {"currency": code, "total": written(cents), "count": count}
                for code, (cents, count) in sorted(other.items())
            ],
            "revision": self.revision,
        }

    def trends(self, since: str, until: str, by: str) -> dict[str, Any]:
        starts = _starts(dt.date.fromisoformat(since), dt.date.fromisoformat(until), by)
        lines: dict[str, list[int]] = defaultdict(lambda: [0] * len(starts))
        for (day, category, currency), (cents, _) in self._cells.items():
            if currency == self.currency and since <= day <= until:
                lines[category][starts.index(_start(dt.date.fromisoformat(day), by).isoformat())] += cents
        ranked = sorted(lines.items(), key=lambda item: (-sum(item[1]), self.categories[item[0]], item[0]))
        totals = [sum(line[index] for line in lines.values()) for index in range(len(starts))]
        return {
            "from": since,
            "to": until,
            "by": by,
            "currency": self.currency,
            "buckets": starts,
            "series": [
                {"category": self.categories[id_], "category_id": id_, "totals": [written(cents) for cents in line]}
                for id_, line in ranked
            ],
            "totals": [written(cents) for cents in totals],
            "revision": self.revision,
        }

    def listed(self, since: str, until: str) -> list[dict[str, Any]]:
        """Newest first, as the API shows them."""
        found = [
            (image["spent_on"], id_) for id_, image in self.expenses.items() if since <= image["spent_on"] <= until
        ]
        return [self._shown(id_) for _, id_ in sorted(found, reverse=True)]

    def _shown(self, id_: str) -> dict[str, Any]:
        image = self.expenses[id_]
        same = {name: image[name] for name in ("amount", "currency", "merchant", "note", "spent_on", "tags")}
        return {"id": id_, "category": self.categories[image["category"]], "category_id": image["category"], **same}


def _share(part: int, whole: int) -> str | None:
    return str((Decimal(part) / whole).quantize(Decimal("0.0001"), ROUND_HALF_EVEN)) if whole > 0 else None


def _start(day: dt.date, by: str) -> dt.date:
    return {"day": day, "week": day - dt.timedelta(days=day.weekday()), "month": day.replace(day=1)}[by]


def _starts(since: dt.date, until: dt.date, by: str) -> list[str]:
    found, day = [], _start(since, by)
    while day <= until:
        found.append(day.isoformat())
        day += dt.timedelta(days={"day": 1, "week": 7, "month": calendar.monthrange(day.year, day.month)[1]}[by])
    return found
