"""Which facts are told, and in which order: by money and surprise, no more than a person will read."""

from collections import Counter
from collections.abc import Collection, Iterable

from services.insights.insights.facts.fact import Fact, FactKind
from services.insights.insights.facts.snapshot import FactSnapshot

MAX_FACTS = 6
MAX_PER_KIND = 2


def choose(facts: Iterable[Fact], snapshot: FactSnapshot, dismissed: Collection[str]) -> list[Fact]:
    """The best first; at most HANDFUL, MOST_OF_A_KIND of one kind, and one about the same subject."""
    chosen: list[Fact] = []
    kinds: Counter[FactKind] = Counter()
    subjects = set[str]()
    for fact in sorted(facts, key=lambda fact: (-worth(fact, snapshot.typical_month), fact.id)):
        told_already = fact.subject in subjects or kinds[fact.kind] == MAX_PER_KIND
        if fact.id not in dismissed and not told_already and len(chosen) < MAX_FACTS:
            chosen.append(fact)
            kinds[fact.kind] += 1
            subjects |= {fact.subject} - {""}
    return chosen


def worth(fact: Fact, typical_month: int) -> float:
    """Surprise x (money / a typical month's) ^ 1/4: a hundred times the money weighs about three times as much."""
    return float(fact.surprise * (fact.money / typical_month) ** 0.25)
