"""Fact: a category this month so far, against the same days of an earlier month."""

from contracts.ids import CategoryId
from services.insights.insights.facts.comparison import by_month, fact_of
from services.insights.insights.facts.fact import Evidence, Fact, FactKind, Slot, SlotForm
from services.insights.insights.facts.snapshot import FactSnapshot
from services.insights.periods import Period


def category_change(snapshot: FactSnapshot) -> list[Fact]:
    """Returns the categories that changed, with the sums of both periods."""
    facts = []
    for category, payments in snapshot.by_category.items():

        def evidence(period: Period, category: CategoryId = category) -> Evidence:
            return Evidence(period, snapshot.currency, category)

        if comparison := by_month(snapshot, payments):
            name = Slot(snapshot.names.get(category, ""), SlotForm.NAME)
            facts.append(fact_of(snapshot, comparison, FactKind.CATEGORY_CHANGE, str(category), evidence, name))
    return facts
