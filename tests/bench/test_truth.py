"""The ledgers that facts are measured on, and a small run of the measurement."""

import pytest

from bench.truth.planted_scenarios import plant
from bench.truth.population import generate
from bench.truth.scoring import KindScore, score
from services.insights.insights.facts.fact import FactKind

SEEDS = range(40)


@pytest.fixture(scope="module")
def scores() -> dict[FactKind, KindScore]:
    return dict(score(SEEDS)[0])


def test_a_seed_is_always_the_same_ledger_and_holds_what_was_planted() -> None:
    one, other = generate(7), generate(7)
    truths = plant(one), plant(other)

    assert one.payments == other.payments
    assert truths[0] == truths[1]
    assert one.payments != generate(8).payments


def test_every_kind_is_planted(scores: dict[FactKind, KindScore]) -> None:
    told_always = {FactKind.LARGEST_CATEGORY, FactKind.CHANGE, FactKind.PACE}

    assert {kind for kind in FactKind if scores[kind].planted == 0} == told_always


@pytest.mark.parametrize(
    "kind",
    [
        FactKind.RECURRING,
        FactKind.PRICE_RISE,
        FactKind.STOPPED,
        FactKind.DUPLICATE,
        FactKind.NEW_MERCHANT,
        FactKind.UPCOMING,
    ],
)
def test_what_has_a_pattern_is_nearly_always_found(kind: FactKind, scores: dict[FactKind, KindScore]) -> None:
    assert scores[kind].found >= 0.9 * scores[kind].planted, scores[kind].missed


@pytest.mark.parametrize(
    "kind", [kind for kind in FactKind if kind not in {FactKind.LARGEST_CATEGORY, FactKind.CHANGE, FactKind.PACE}]
)
def test_what_is_told_is_seldom_wrong(kind: FactKind, scores: dict[FactKind, KindScore]) -> None:
    told = scores[kind].found + scores[kind].true_anyway + scores[kind].wrong

    assert scores[kind].wrong <= max(1, 0.2 * told), scores[kind].mistaken
