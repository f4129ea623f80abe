"""Computes totals from journal entries: subtracts every `before`, adds every `after`. Pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from chassis.projections.builds import ProjectionBuild
from contracts.book import CATEGORY, EXPENSE, LEDGER, CategoryImage, ExpenseImage, LedgerImage
from contracts.ids import CategoryId, LedgerId
from contracts.journal import Change, JournalEntry


class Cell(NamedTuple):
    """Key of a sum. The period is a day, or the first day of a month."""

    ledger: LedgerId
    generation: int
    period: dt.date
    category: CategoryId
    currency: str


@dataclass(frozen=True, slots=True)
class Sum:
    """Minor units and number of payments."""

    total: int = 0
    count: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.total + other.total, self.count + other.count)


class EntityKey(NamedTuple):
    """Key of a payment or a category."""

    ledger: LedgerId
    generation: int
    id: UUID


def _no_sums() -> defaultdict[Cell, Sum]:
    return defaultdict(Sum)


@dataclass
class Delta:
    """The changes of a batch of entries, ready for bulk writes; None means deleted."""

    days: defaultdict[Cell, Sum] = field(default_factory=_no_sums)
    payments: dict[EntityKey, ExpenseImage | None] = field(default_factory=dict)
    categories: dict[EntityKey, CategoryImage | None] = field(default_factory=dict)
    settings: dict[ProjectionBuild, LedgerImage] = field(default_factory=dict)

    @classmethod
    def of(cls, batches: Mapping[ProjectionBuild, Sequence[JournalEntry]]) -> "Delta":
        """Adds up entries by build. Raises ValueError for an unreadable image."""
        delta = cls()
        for build, entries in batches.items():
            for entry in entries:
                delta.add(build, entry.pairs)
        return delta

    @property
    def months(self) -> dict[Cell, Sum]:
        """Returns the days, added up by month."""
        months = _no_sums()
        for cell, change in self.days.items():
            months[cell._replace(period=cell.period.replace(day=1))] += change
        return months

    def add(self, build: ProjectionBuild, pairs: Iterable[Change]) -> None:
        """Adds the changes of an entry. Kinds unknown to this version are skipped."""
        for pair in pairs:
            if handler := HANDLERS.get(pair.kind):
                handler(self, build, pair)

    def change_settings(self, build: ProjectionBuild, pair: Change) -> None:
        """Adds a change of the ledger's settings."""
        if pair.after:
            self.settings[build] = LedgerImage.model_validate(pair.after)

    def change_category(self, build: ProjectionBuild, pair: Change) -> None:
        """Adds a change of a category."""
        after = CategoryImage.model_validate(pair.after) if pair.after else None
        self.categories[EntityKey(*build, pair.id)] = after

    def change_payment(self, build: ProjectionBuild, pair: Change) -> None:
        """Adds a change of a payment, and of the sums that it is in."""
        before = ExpenseImage.model_validate(pair.before) if pair.before else None
        after = ExpenseImage.model_validate(pair.after) if pair.after else None
        self.payments[EntityKey(*build, pair.id)] = after
        if before:
            self._add(build, before, Sum(-before.minor, -1))
        if after:
            self._add(build, after, Sum(after.minor, 1))

    def _add(self, build: ProjectionBuild, image: ExpenseImage, change: Sum) -> None:
        self.days[Cell(*build, image.spent_on, image.category, image.currency)] += change


HANDLERS: Mapping[str, Callable[[Delta, ProjectionBuild, Change], None]] = {
    LEDGER: Delta.change_settings,
    CATEGORY: Delta.change_category,
    EXPENSE: Delta.change_payment,
}
"""The kinds of entities that totals are derived from."""
