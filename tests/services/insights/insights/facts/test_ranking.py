"""Of all that is true, the few that are told."""

from dataclasses import replace

from services.insights.insights.facts.fact import Fact, FactKind
from services.insights.insights.facts.finders import find_facts
from services.insights.insights.facts.ranking import choose
from tests.support.facts import TYPICAL, only, snapshot
from tests.support.plain_ledgers import LEDGERS, TODAY, monthly, shopping

GROUND = snapshot(TODAY, shopping())
ANY = only([fact for fact in find_facts(GROUND) if fact.kind is FactKind.CHANGE])


def like(
    id_: str, money: int = 1_000, surprise: float = 0.5, subject: str = "", kind: FactKind = FactKind.UNUSUAL
) -> Fact:
    return replace(ANY, id=id_, kind=kind, money=money, surprise=surprise, subject=subject)


def ids(facts: list[Fact]) -> list[str]:
    return [fact.id for fact in facts]


def test_by_money_and_surprise() -> None:
    facts = [like("dull", surprise=0.1), like("dear", money=90_000, kind=FactKind.PACE), like("odd", surprise=0.9)]

    assert ids(choose(facts, GROUND, ())) == ["dear", "odd", "dull"]


def test_no_more_than_a_person_will_read_and_not_all_of_one_kind() -> None:
    many = [like(f"{kind}{number}", kind=kind) for kind in FactKind for number in range(5)]

    chosen = choose(many, GROUND, ())

    assert len(chosen) == 6
    assert len(choose([like(str(number)) for number in range(9)], GROUND, ())) == 2
    assert {fact.kind for fact in chosen} == {fact.kind for fact in choose(many[::-1], GROUND, ())}


def test_one_fact_about_one_subject_and_the_next_where_it_was_dismissed() -> None:
    facts = [like("a", subject="gym"), like("b", subject="gym", surprise=0.4), like("c", surprise=0.1)]

    assert ids(choose(facts, GROUND, ())) == ["a", "c"]
    assert ids(choose(facts, GROUND, {"a"})) == ["b", "c"]


def test_a_subscription_that_rose_is_told_before_the_rent_that_is_always_there() -> None:
    rent = monthly("Landlord", "Rent", 1, {"2025-09": 98_500})

    chosen = choose(find_facts(rose := snapshot(TODAY, [*LEDGERS[FactKind.PRICE_RISE], *rent])), rose, ())

    assert chosen[0].kind is FactKind.PRICE_RISE


def test_a_ledger_without_any_whole_month_is_told_its_facts_all_the_same() -> None:
    assert {fact.kind for fact in choose(find_facts(TYPICAL), TYPICAL, ())} == {
        FactKind.LARGEST_CATEGORY,
        FactKind.CHANGE,
        FactKind.PACE,
    }
