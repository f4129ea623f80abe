"""Names that look the same are the same; searches ignore accents too."""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.text import fold, fold_for_search

GOLDEN: dict[str, list[dict[str, Any]]] = json.loads((Path(__file__).parents[1] / "golden" / "names.json").read_text())
"""The web app's own tests read the same file."""

ODD = "'’‘ʼ´`＇-‐–—−－“”„\"  \u00a0\u3000\u200b\u200d\ufeff\u00ad\n\tiIİı\u0307sßſSéEe\u0301ＡaｶﾞカガŉΣςσ"
texts = st.text(max_size=12) | st.text(st.sampled_from(ODD), max_size=12)


@pytest.mark.parametrize("group", GOLDEN["names"], ids=lambda group: ascii(group["key"]))
def test_spellings_that_look_the_same_have_one_key(group: dict[str, Any]) -> None:
    assert {fold(spelling) for spelling in group["spellings"]} == {group["key"]}


def test_names_that_look_different_have_different_keys() -> None:
    for one, other in combinations(GOLDEN["names"], 2):
        assert one["key"] != other["key"]


@pytest.mark.parametrize("group", GOLDEN["searches"], ids=lambda group: ascii(group["key"]))
def test_a_search_ignores_accents_and_compatibility_forms(group: dict[str, Any]) -> None:
    assert {fold_for_search(spelling) for spelling in group["spellings"]} == {group["key"]}


@given(texts)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold_for_search(fold_for_search(text)) == fold_for_search(text)


@given(texts)
def test_equal_names_are_equal_in_a_search(text: str) -> None:
    assert fold_for_search(fold(text)) == fold_for_search(text)


@given(texts)
def test_a_key_fits_its_column_and_has_no_line_break(text: str) -> None:
    key = fold(text)
    assert len(key) <= 3 * len(text)
    assert key == " ".join(key.split())


@given(texts, st.sampled_from(["\u200b", "\u00ad", "\ufeff", " ", "\u00a0"]))
def test_what_cannot_be_seen_at_the_ends_changes_nothing(text: str, unseen: str) -> None:
    assert fold(unseen + text + unseen) == fold(text)


def test_no_character_of_unicode_breaks_the_rules() -> None:
    for code in (*range(0xD800), *range(0xE000, 0x110000)):
        key = fold(chr(code))
        assert len(key) <= 3
        assert fold(key) == key
