"""Chooses and orders the facts to show: by money and surprise, at most MAX_FACTS."""

from collections import Counter
from collections.abc import Collection, Iterable

from services.insights.insights.facts.fact import Fact, FactKind
from services.insights.insights.facts.snapshot import FactSnapshot

MAX_FACTS = 6
MAX_PER_KIND = 2


def choose(facts: Iterable[Fact], snapshot: FactSnapshot, dismissed: Collection[str]) -> list[Fact]:
    """Returns the best facts first: at most MAX_FACTS, MAX_PER_KIND of a kind, and one per subject."""
    chosen: list[Fact] = []
    kinds: Counter[FactKind] = Counter()
    subjects = set[str]()
    for fact in sorted(facts, key=lambda fact: (-worth(fact, snapshot.typical_month), fact.id)):
        is_repetition = fact.subject in subjects or kinds[fact.kind] == MAX_PER_KIND
        if fact.id not in dismissed and not is_repetition and len(chosen) < MAX_FACTS:
            chosen.append(fact)
            kinds[fact.kind] += 1
            subjects |= {fact.subject} - {""}
    return chosen


def worth(fact: Fact, typical_month: int) -> float:
    """Returns surprise x (money / typical month) ^ 1/4: a hundred times the money weighs about three times as much."""
    return float(fact.surprise * (fact.money / typical_month) ** 0.25)
