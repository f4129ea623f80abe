"""Puts facts into words: chooses a sentence, writes each slot out in the ledger's locale, fills it in."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from copy import copy, deepcopy
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.localedata import LocaleDataDict
from babel.numbers import NumberPattern, format_decimal

from contracts.money import decimals
from services.insights.insights.facts.fact import Fact, Slot, SlotForm
from services.insights.insights.wording.templates import ENGLISH, LANGUAGES

SLOT = re.compile(r"\{([a-z_]+)\}")
MAX_NAME_LENGTH = 60

_TOUCHING = re.compile(r"(?<=[^\W\d_])(?=-?\d)|(?<=\d)(?=[^\W\d_])")
"""Between a currency's letters and its digits CLDR asks for a space, which Babel leaves out."""

_ALMOST_ALL = Decimal("99.9")
"""What is not all is never rounded to it."""
_FINE_PERCENT = Decimal(10)
"""Below this, and above a hundred less it, a decimal is shown: 0.4 % is not nothing and 99.6 % is not all."""


@dataclass(frozen=True)
class RenderedSlot:
    """A slot as it stands in the text."""

    name: str
    text: str
    slot: Slot


class _SeparateSlots(Locale):
    """A locale with data of its own.

    In what locales share, Babel notes what it found for one of them, and the next one gets the month's name in that
    one's language (python-babel/babel#1234).
    """

    @cached_property
    def _data(self) -> LocaleDataDict:
        return deepcopy(super()._data)


@lru_cache(maxsize=32)
def locale_of(name: str) -> Locale:
    """The locale by its BCP 47 name, or the nearest that is known: its language, then English."""
    plain = name.replace("_", "-").partition("-u-")[0]
    for candidate in (plain, plain.partition("-")[0], "en"):
        try:
            return _SeparateSlots.parse(candidate, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError("Babel knows English")


def speaks_english(locale: Locale) -> bool:
    """Whether this locale's sentences are English: there are none of its own, or it is English."""
    return LANGUAGES.get(locale.language, ENGLISH) is ENGLISH


def template_for(fact: Fact, locale: Locale) -> str:
    """The fullest sentence for which the fact has all slots."""
    key = fact.kind, fact.direction
    sentences = LANGUAGES.get(locale.language, ENGLISH).get(key) or ENGLISH[key]
    return next(words for words in sentences if set(SLOT.findall(words)) <= set(fact.slots))


def fill(words: str, fact: Fact, locale: Locale) -> tuple[str, list[RenderedSlot]]:
    """The text, and what was shown where. What is filled in is never read again for slots. Raises KeyError."""
    shown: list[RenderedSlot] = []

    def put(match: re.Match[str]) -> str:
        slot = fact.slots[match[1]]
        text = render_slot(slot, locale)
        shown.append(RenderedSlot(match[1], text, slot))
        return text

    return SLOT.sub(put, words), shown


def render_slot(slot: Slot, locale: Locale) -> str:
    """A slot's value as people of this locale write it."""
    return _WRITERS[slot.form](slot, locale)


def _exact(slot: Slot, locale: Locale) -> str:
    return _amount(Decimal(slot.value), slot.unit, locale, decimals(slot.unit) or 0)


def _size(slot: Slot, locale: Locale) -> str:
    return _amount(abs(Decimal(slot.value)), slot.unit, locale, decimals(slot.unit) or 0)


def _estimate(slot: Slot, locale: Locale) -> str:
    return "~" + _amount(Decimal(slot.value), slot.unit, locale, 0)


def _amount(amount: Decimal, currency: str, locale: Locale, places: int) -> str:
    # By the locale's pattern, but with ISO 4217's decimals: Babel's own table differs for some currencies.
    pattern = _with_places(locale.currency_formats["standard"], places, places)
    return _TOUCHING.sub("\u00a0", pattern.apply(amount, locale, currency=currency, currency_digits=False))


def _percent(slot: Slot, locale: Locale) -> str:
    percent = Decimal(slot.value)
    fine = 0 < percent < _FINE_PERCENT or 100 - _FINE_PERCENT < percent < 100  # noqa: PLR2004 - per cent
    shown = min(percent, _ALMOST_ALL) if fine else percent
    return str(_with_places(locale.percent_formats[None], 0, 1 if fine else 0).apply(shown / 100, locale))


def _with_places(pattern: NumberPattern, least: int, most: int) -> NumberPattern:
    changed = copy(pattern)
    changed.frac_prec = (least, most)
    return changed


def _count(slot: Slot, locale: Locale) -> str:
    return format_decimal(int(slot.value), locale=locale)


def _day(slot: Slot, locale: Locale) -> str:
    return format_skeleton("MMMMd", dt.date.fromisoformat(slot.value), locale=locale)


def _date(slot: Slot, locale: Locale) -> str:
    return format_date(dt.date.fromisoformat(slot.value), "long", locale=locale)


def _year_month(slot: Slot, locale: Locale) -> str:
    return format_skeleton("yMMMM", dt.date.fromisoformat(slot.value), locale=locale)


def _month(slot: Slot, locale: Locale) -> str:
    return format_date(dt.date.fromisoformat(slot.value), "LLLL", locale=locale)


def _weekday(slot: Slot, locale: Locale) -> str:
    return format_date(dt.date.fromisoformat(slot.value), "cccc", locale=locale)


def _name(slot: Slot, _: Locale) -> str:
    """On one line, without control or direction characters, and not longer than a name is."""
    plain = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in slot.value)
    plain = " ".join(plain.split())
    return plain if len(plain) <= MAX_NAME_LENGTH else plain[: MAX_NAME_LENGTH - 1].rstrip() + "…"


_WRITERS: Mapping[SlotForm, Callable[[Slot, Locale], str]] = {
    SlotForm.AMOUNT: _exact,
    SlotForm.SIZE: _size,
    SlotForm.ESTIMATE: _estimate,
    SlotForm.PERCENT: _percent,
    SlotForm.COUNT: _count,
    SlotForm.DAY: _day,
    SlotForm.DATE: _date,
    SlotForm.MONTH: _month,
    SlotForm.YEAR_MONTH: _year_month,
    SlotForm.WEEKDAY: _weekday,
    SlotForm.NAME: _name,
}
