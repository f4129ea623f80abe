"""A liar's words never pass: whatever number a person sees is one that the fact holds."""

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.insights.insights.facts.fact import Fact
from services.insights.insights.wording.slots import fill, locale_of
from services.insights.insights.wording.verifier import MAX_LENGTH, UnfitTextError, check
from tests.support.facts import CHANGE, LARGEST, PACE
from tests.support.verdict import passes

ENGLISH = locale_of("en-GB")
NUMERALS = st.characters(categories=["Nd", "Nl", "No"])


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        (LARGEST, "{f1.category} took the largest part of {f1.month}: {f1}, which is {f1.share} of it all."),
        (LARGEST, "{f1.category}'s part of {f1.month} is {f1} so far."),
        (LARGEST, "It was “{f1.category}” that took {f1}, as it often does; a well-kept home."),
        (CHANGE, "You spent {f1} less than in the same days of {f1.previous}, down {f1.percent}."),
        (CHANGE, "{f1} less so far: a calm month."),
        (PACE, "If it goes on like this, the month ends at {f1} on {f1.end}."),
    ],
)
def test_plain_words_with_slots_pass(fact: Fact, text: str) -> None:
    assert passes(text, fact)


@pytest.mark.parametrize("text", ["Don't worry, it is {f1}.", "Up to {f1.until} spending fell by {f1}."])
def test_an_honest_text_may_be_refused_which_costs_a_template_and_no_more(text: str) -> None:
    assert not passes(text, CHANGE)


def test_names_become_the_facts_own() -> None:
    assert check("{f7.category} is {f7}, or {f7.share}.", "f7", LARGEST) == "{category} is {value}, or {share}."


@pytest.mark.parametrize(
    "text",
    [
        # digits, in any script or style
        "{f1} of 400.",
        "{f1} of ٤٠٠ in all.",
        "{f1} and ４ more.",
        "{f1} and ½ of it.",
        "{f1} and ② more.",
        "{f1} of 𝟜𝟘𝟘.",
        "{f1} and Ⅻ more.",
        "{f1} and 四 more.",
        # words that say numbers, or hide them
        "{f1} of four hundred.",
        "{f1}, twice as much.",
        "{f1}, half of it.",
        "{f1}, one of the largest.",
        "{f1}, fourty of them.",
        "{f1}, twenty-five in all.",
        "{f1}, a tw-elve in all.",
        "{f1}, twentyfive in all.",
        "{f1}, a dozen times.",
        "{f1}, t e n in all.",
        "{f1}, xii in all.",
        "{f1}, IV in all.",
        "{f1}, mille in all.",
        "{f1}, zwanzig in all.",
        "{f1}, a tenfold part.",
        "{f1}, оne of them.",
        "{f1}, on\u0435.",
        # what would make another number of a slot
        "{f1}k in all.",
        "{f1}{f1}",
        "{f1} {f1.share} in all.",
        "{f1}.{f1} in all.",
        "{f1}, {f1.share}.",
        "-{f1} in all.",
        "It is - {f1} in all.",
        "It is – {f1} in all.",
        "({f1}) in all.",
        "x{f1} in all.",
        "{f1}% in all.",
        "€{f1} in all.",
        "{f1} thousand in all.",
        "{f1} percent in all.",
        "Minus {f1} in all.",
        "{f1}/day in all.",
        # what would bend it
        "More than {f1} went there.",
        "About {f1} went there.",
        "Under {f1} went there.",
        "At least {f1} went there.",
        "Not {f1} went there.",
        "You didn't spend {f1}.",
        "{f1} every week.",
        "{f1} per day.",
        "{f1} a year.",
        "{f1} more than last month.",
        "An increase of {f1}.",
        # slots
        "All is well.",
        "{f2} of it.",
        "{f1} of {f2}.",
        "{f1} of {f1.budget}.",
        "{f1} of {f1.total}.",
        "{f1.share} of it.",
        "{f1} of {value}.",
        "{f1} {{f1}}",
        "{f1} {",
        "{F1} of it.",
        "{ f1 } of it.",
        "{f1.category.name} {f1}",
        "{f1!r} {f1}",
        # markup, links, controls
        "<b>{f1}</b>",
        "**{f1}** in all.",
        "[{f1}](here)",
        "See www.evil.example for {f1}.",
        "See evil.example, {f1} there.",
        "mailto:me@evil.example {f1}",
        "{f1} in all.\nAnd more",
        "{f1} \u202egnp in all",
        "{f1}\u200b in all",
        "{f1} in \x00 all",
        "`{f1}`",
        "{f1} & co",
        "😀 {f1} in all",
        "",
        "   ",
        "{f1}" + " so" * MAX_LENGTH,
    ],
)
def test_unfit(text: str) -> None:
    assert not passes(text)


@pytest.mark.parametrize(
    "text",
    [
        "You spent {f1} more than in the same days of {f1.previous}.",
        "Spending rose by {f1} since {f1.previous}.",
        "Higher by {f1} so far.",
        "Unchanged, with {f1} between them.",
        "No less than {f1} so far.",
        "In {f1.previous} you spent {f1} less.",
        "Last month you spent {f1} less.",
        "Compared with {f1.previous}, {f1} so far.",
    ],
)
def test_words_that_contradict_a_fall(text: str) -> None:
    assert not passes(text, CHANGE)


def test_an_objection_names_the_reason() -> None:
    with pytest.raises(UnfitTextError, match="'twelve' says a number"):
        check("{f1} of twelve.", "f1", LARGEST)


@settings(max_examples=400)
@given(before=st.text(max_size=20), numeral=NUMERALS, after=st.text(max_size=20))
def test_no_numeral_of_any_script_passes(before: str, numeral: str, after: str) -> None:
    assert not passes(f"{before} {{f1}} {numeral}{after}")
    assert not passes(f"{before}{numeral} {{f1}} {after}")


@settings(max_examples=600)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(["{f1}", "{f1.share}", "{f1.category}", "{f1.total}", "{f2}", "{", "}", "{f1"]),
            st.sampled_from(
                [" ", "  ", ".", ",", "-", "'", "\n", "%", "k", "hundred", " of ", " went ", "٣", "7", "one"]
            ),
            st.text(max_size=6),
            st.text(alphabet=string.ascii_letters + " .,", max_size=8),
        ),
        max_size=9,
    ).map("".join)
)
def test_what_passes_shows_no_digit_but_those_of_its_slots(text: str) -> None:
    if not passes(text):
        return
    words = check(text, "f1", LARGEST)

    told, shown = fill(words, LARGEST, ENGLISH)

    rest = told
    for part in shown:
        rest = rest.replace(part.text, " ", 1)
    assert not any(c.isnumeric() for c in rest)
    assert set(re.findall(r"[\d.,]*\d", told)) <= {
        number for part in shown for number in re.findall(r"[\d.,]*\d", part.text)
    }
    assert re.fullmatch(r"[^<>{}\[\]\x00-\x1f]*", told)
