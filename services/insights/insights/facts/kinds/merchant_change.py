"""Fact: a merchant this month so far, against the same days of an earlier month."""

from services.insights.insights.facts.comparison import by_month, fact_of
from services.insights.insights.facts.fact import Evidence, Fact, Form, Kind, Slot
from services.insights.insights.facts.payments import digest
from services.insights.insights.facts.snapshot import Ground
from services.insights.periods import Period


def merchant_change(ground: Ground) -> list[Fact]:
    """Merchants to whom more or less went than usual, each told with the sums of both periods."""
    found = []
    for key, payments in ground.merchants.items():
        name = payments[-1].merchant

        def evidence(period: Period, name: str = name) -> Evidence:
            return Evidence(period, ground.currency, merchant=name)

        if comparison := by_month(ground, payments):
            slot = Slot(name, Form.NAME)
            found.append(fact_of(ground, comparison, Kind.MERCHANT_CHANGE, digest(key), evidence, slot))
    return found
