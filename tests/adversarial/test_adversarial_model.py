"""A lying model, briefly; `python -m tests.adversarial` does it a hundred thousand times."""

import pytest

from services.insights.insights.wording import phrasing
from tests.adversarial.counting import count_untruths


def test_of_what_a_lying_model_says_people_see_no_number_that_the_facts_do_not_hold() -> None:
    found = count_untruths(3_000, seed=7)

    assert found.untrue == []
    assert found.by_model > 300, "it is right now and then, or nothing would be proven"
    assert found.numbers > 3_000


def test_without_the_check_of_words_they_would_see_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrasing, "check", believe)

    assert len(count_untruths(300, seed=7).untrue) > 50


def believe(text: str, name: str, _: object) -> str:
    """The words as they are, with the fact's own value in them and no other slot."""
    before, slot, after = text.partition(f"{{{name}}}")
    return before.replace("{", "(") + ("{value}" if slot else "") + after.replace("{", "(")
