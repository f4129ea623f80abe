"""Fact: a category this month so far, against the same days of an earlier month."""

from uuid import UUID

from services.insights.insights.facts.comparison import by_month, fact_of
from services.insights.insights.facts.fact import Evidence, Fact, Form, Kind, Slot
from services.insights.insights.facts.snapshot import Ground
from services.insights.periods import Period


def category_change(ground: Ground) -> list[Fact]:
    """Categories that changed, each told with the sums of both periods."""
    found = []
    for category, payments in ground.by_category.items():

        def evidence(period: Period, category: UUID = category) -> Evidence:
            return Evidence(period, ground.currency, category)

        if comparison := by_month(ground, payments):
            name = Slot(ground.names.get(category, ""), Form.NAME)
            found.append(fact_of(ground, comparison, Kind.CATEGORY_CHANGE, str(category), evidence, name))
    return found
