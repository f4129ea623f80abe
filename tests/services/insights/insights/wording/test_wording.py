"""Facts in words: every number as people of the ledger's locale write it, and nothing that was typed is read."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.currencies import CURRENCIES
from contracts.money import Money
from services.insights.insights.facts.fact import Fact, FactKind, Slot, SlotForm, day_slot
from services.insights.insights.facts.finders import find_facts
from services.insights.insights.facts.kinds.upcoming import upcoming
from services.insights.insights.wording import formulas
from services.insights.insights.wording.rendering import render
from services.insights.insights.wording.slots import SLOT, fill, locale_of, render_slot, template_for
from services.insights.insights.wording.templates import ENGLISH, LANGUAGES
from tests.support.facts import CHANGE, LARGEST, PACE, day, snapshot


def told(fact: Fact, locale: str = "en-GB") -> str:
    known = locale_of(locale)
    return fill(template_for(fact, known), fact, known)[0]


def test_the_typical_month() -> None:
    assert [told(fact) for fact in (LARGEST, CHANGE, PACE)] == [
        "Rent is the largest part of November so far: €300.00 of €355.00, which is 85%.",
        "Up to 22 November you spent €355.00: €75.00 less than in the same days of October, down 17%.",
        "€355.00 so far. If it goes on like this, the month ends at ~€484.",
    ]


def test_the_typical_month_in_german_and_in_a_language_without_sentences() -> None:
    assert [told(fact, "de-DE").replace("\u00a0", " ") for fact in (LARGEST, CHANGE, PACE)] == [
        "Rent ist bisher der größte Posten im November: 300,00 € von 355,00 €, das sind 85 %.",
        "Bis zum 22. November hast du 355,00 € ausgegeben: 75,00 € weniger als an denselben Tagen im Oktober, 17 %.",
        "Bisher 355,00 €. Geht es so weiter, endet der Monat bei ~484 €.",
    ]
    assert told(PACE, "fr-FR").replace("\u00a0", " ").replace("\u202f", " ") == (
        "355,00 € so far. If it goes on like this, the month ends at ~484 €."
    )


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_tells_every_fact_with_the_slots_of_the_english_sentences(language: str) -> None:
    assert LANGUAGES[language].keys() == ENGLISH.keys()
    assert set(formulas.LANGUAGES[language]) == set(FactKind)
    for key, sentences in LANGUAGES[language].items():
        assert [set(SLOT.findall(words)) for words in sentences] == [set(SLOT.findall(words)) for words in ENGLISH[key]]


@pytest.mark.parametrize(
    ("form", "value", "unit", "locale", "text"),
    [
        (SlotForm.AMOUNT, "-1234.50", "EUR", "en-GB", "-€1,234.50"),
        (SlotForm.AMOUNT, "1234.50", "EUR", "de-DE", "1.234,50 €"),
        (SlotForm.AMOUNT, "1234.50", "EUR", "fr-FR", "1 234,50 €"),
        (SlotForm.AMOUNT, "1234.50", "USD", "en-US", "$1,234.50"),
        (SlotForm.AMOUNT, "1234.500", "KWD", "en-US", "KWD 1,234.500"),
        (SlotForm.AMOUNT, "1234", "JPY", "ja-JP", "￥1,234"),
        (SlotForm.AMOUNT, "123456.50", "INR", "en-IN", "₹1,23,456.50"),
        (SlotForm.AMOUNT, "12.5000", "CLF", "en-US", "CLF 12.5000"),
        (SlotForm.SIZE, "-17.60", "EUR", "en-GB", "€17.60"),
        (SlotForm.ESTIMATE, "1240", "EUR", "en-GB", "~€1,240"),
        (SlotForm.PERCENT, "42.13", "percent", "en-GB", "42%"),
        (SlotForm.PERCENT, "0.40", "percent", "en-GB", "0.4%"),
        (SlotForm.PERCENT, "99.60", "percent", "de-DE", "99,6 %"),
        (SlotForm.PERCENT, "99.96", "percent", "en-GB", "99.9%"),
        (SlotForm.PERCENT, "100.00", "percent", "en-GB", "100%"),
        (SlotForm.PERCENT, "312.00", "percent", "en-GB", "312%"),
        (SlotForm.COUNT, "12", "months", "en-GB", "12"),
        (SlotForm.DAY, "2026-11-22", "", "en-GB", "22 November"),
        (SlotForm.DAY, "2026-11-22", "", "en-US", "November 22"),
        (SlotForm.MONTH, "2026-11-01", "", "de", "November"),
        (SlotForm.DATE, "2027-03-03", "", "en-GB", "3 March 2027"),
        (SlotForm.DATE, "2027-03-03", "", "de", "3. März 2027"),
        (SlotForm.YEAR_MONTH, "2025-12-01", "", "de", "Dezember 2025"),
        (SlotForm.NAME, "Food  &\ndrink\u202e", "", "en", "Food & drink"),
        (SlotForm.NAME, "x" * 100, "", "en", "x" * 59 + "…"),
    ],
)
def test_each_form_in_its_locale(form: SlotForm, value: str, unit: str, locale: str, text: str) -> None:
    spaced = render_slot(Slot(value, form, unit), locale_of(locale))

    assert spaced.replace("\u00a0", " ").replace("\u202f", " ") == text


@pytest.mark.parametrize("locale", ["", "xx", "de-u-nu-arab", "no such thing", "zh-Hant-TW", "C", "en_US.UTF-8"])
def test_any_locale_gives_words(locale: str) -> None:
    assert told(LARGEST, locale)


def test_what_people_typed_is_never_read_as_a_slot() -> None:
    (fact, *_) = find_facts(snapshot("2026-11-22", [("2026-11-02", 100, "{value} {share} {{f1}}")]))

    assert told(fact) == "{value} {share} {{f1}} is the largest part of November so far: €1.00 of €1.00, which is 100%."


def test_each_number_says_where_it_stands_whatever_the_names_beside_it_hold() -> None:
    (fact, *_) = find_facts(snapshot("2026-11-22", [("2026-11-02", 100, "😀 €1.00 100%")]))

    (item,) = render([fact], {}, "en-GB")

    assert item.text.startswith("😀 €1.00 100% is the largest")
    assert [(number.at, item.text[number.at :].startswith(number.text)) for number in item.numbers] == [
        (53, True),
        (62, True),
        (78, True),
    ]


@given(minor=st.integers(-(10**14), 10**14), locale=st.sampled_from(["en-GB", "de-DE", "hi-IN", "fr-CH"]))
def test_no_digit_of_an_amount_is_lost_or_added(minor: int, locale: str) -> None:
    amount = Decimal(minor).scaleb(-2)

    text = render_slot(Slot(f"{amount:f}", SlotForm.AMOUNT, "EUR"), locale_of(locale))

    assert "".join(c for c in text if c.isdigit()).lstrip("0") == str(abs(minor)).lstrip("0")


@pytest.mark.parametrize("first", ["ja-JP", "fr-FR", "he-IL"])
def test_a_months_name_is_of_ones_own_language_whatever_language_came_before(first: str) -> None:
    month = Slot("2026-10-01", SlotForm.MONTH)
    render_slot(month, locale_of(first))

    assert [render_slot(month, locale_of(name)) for name in ("de-DE", "pt-BR", "nb", "en-GB")] == [
        "Oktober",
        "outubro",
        "oktober",
        "October",
    ]


@pytest.mark.parametrize("code", list(CURRENCIES))
def test_every_currency_of_the_list_is_written_with_its_decimals(code: str) -> None:
    text = render_slot(Slot.of(Money(123_456, code), SlotForm.AMOUNT), locale_of("en"))
    number = re.search(r"[0-9][0-9,]*(\.[0-9]+)?", text)
    assert number
    assert number[0].replace(",", "") == Money(123_456, code).amount


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "Insurer is expected around 2 January 2027: it was €42.50 the last time, on 2 December."),
        ("de-DE", "Insurer ist um den 2. Januar 2027 zu erwarten: Zuletzt waren es 42,50 €, am 2. Dezember."),
    ],
)
def test_a_day_of_another_year_carries_it(locale: str, text: str) -> None:
    charges = [(f"2026-{month:02d}-02", 4_250, "Home", "Insurer") for month in range(1, 13)]
    (fact,) = upcoming(snapshot("2026-12-30", charges))
    assert told(fact, locale).replace("\u00a0", " ") == text


@pytest.mark.parametrize("today", ["2026-12-31", "2027-01-01", "2027-01-31"])
def test_around_new_year_the_year_is_written_where_it_is_not_this_one(today: str) -> None:
    year = day(today).year
    slots = [day_slot(day(text), day(today)) for text in ("2026-12-31", "2027-01-01")]
    assert [slot.form for slot in slots] == [
        SlotForm.DAY if year == slot_year else SlotForm.DATE for slot_year in (2026, 2027)
    ]
