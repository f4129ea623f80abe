"""Fact: a merchant this month so far, against the same days of an earlier month."""

from services.insights.insights.facts.comparison import by_month, fact_of
from services.insights.insights.facts.fact import Evidence, Fact, FactKind, Slot, SlotForm
from services.insights.insights.facts.payments import digest
from services.insights.insights.facts.snapshot import FactSnapshot
from services.insights.periods import Period


def merchant_change(snapshot: FactSnapshot) -> list[Fact]:
    """Returns the merchants that got more or less than usual, with the sums of both periods."""
    facts = []
    for key, payments in snapshot.merchants.items():
        name = payments[-1].merchant

        def evidence(period: Period, name: str = name) -> Evidence:
            return Evidence(period, snapshot.currency, merchant=name)

        if comparison := by_month(snapshot, payments):
            slot = Slot(name, SlotForm.NAME)
            facts.append(fact_of(snapshot, comparison, FactKind.MERCHANT_CHANGE, digest(key), evidence, slot))
    return facts
