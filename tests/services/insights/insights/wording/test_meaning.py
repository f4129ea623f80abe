"""What a true number may be called: a difference is no sum, a sum no difference, and spending nothing else."""

import pytest

from services.insights.insights.facts.fact import FactKind
from services.insights.insights.facts.kinds.lowest_month import lowest_month
from tests.support.facts import CHANGE, LARGEST, PACE, snapshot
from tests.support.plain_ledgers import LEDGERS, TODAY
from tests.support.verdict import passes

(LOWEST,) = lowest_month(snapshot(TODAY, LEDGERS[FactKind.LOWEST_MONTH]))


@pytest.mark.parametrize(
    "text",
    [
        "You spent {f1} so far, less than in {f1.previous}.",
        "Spending fell to {f1} from {f1.previous}.",
        "Down: {f1} so far.",
        "Less than {f1} went away, compared with {f1.previous}.",
        "Your lowest month, {f1} less so far.",
    ],
)
def test_words_that_make_a_difference_a_sum(text: str) -> None:
    assert not passes(text, CHANGE)


@pytest.mark.parametrize(
    "text",
    [
        "{f1.month} was a light month, with {f1}.",
        "Spending fell to {f1} in {f1.month}, the lowest so far.",
    ],
)
def test_words_for_the_lowest_month(text: str) -> None:
    assert passes(text, LOWEST)


@pytest.mark.parametrize(
    "text",
    [
        "You saved {f1} in {f1.month}.",
        "{f1} less in {f1.month}.",
        "Spending fell by {f1} in {f1.month}.",
        "In {f1.month} you spent the most: {f1}.",
        "{f1.month} was the highest month, at {f1}.",
    ],
)
def test_words_that_make_a_sum_a_difference_or_the_lowest_the_highest(text: str) -> None:
    assert not passes(text, LOWEST)


@pytest.mark.parametrize(
    "text",
    [
        "{f1.category} was the smallest part of {f1.month}: {f1}.",
        "You earned {f1} from {f1.category}.",
        "You got {f1} back from {f1.category}.",
        "You owe {f1} to {f1.category}.",
        "In {f1.month} you have {f1} left.",
        "{f1.category} took at most {f1}.",
        "Most of {f1.month} went to {f1.category}: {f1}.",
    ],
)
def test_words_that_turn_spending_into_something_else(text: str) -> None:
    assert not passes(text, LARGEST)


@pytest.mark.parametrize("text", ["The month ends at most at {f1}.", "A record month, it ends at {f1}."])
def test_an_estimate_is_no_bound_and_no_record(text: str) -> None:
    assert not passes(text, PACE)
