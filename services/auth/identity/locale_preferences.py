"""What a browser says of where its person lives: locale and time zone, and the currency that follows."""

import re
from functools import cache
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from babel.numbers import get_territory_currencies

from contracts.currencies import CURRENCIES
from contracts.days import WeekStart
from contracts.money import decimals

DEFAULT_LOCALE = "en"
DEFAULT_TIME_ZONE = "UTC"
DEFAULT_CURRENCY = "EUR"
"""Where neither a currency nor a territory is known."""

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_MAX_TAG_LENGTH = 35
"""RFC 5646 asks for room for 35 characters."""


def closest_locale(text: str) -> str:
    """The locale as BCP 47 writes it. "en-JP", which no table knows, becomes "en". Raises ValueError."""
    tag = _plain(text)
    if len(tag) <= _MAX_TAG_LENGTH and _TAG.fullmatch(tag):
        for candidate in (tag, tag.partition("-")[0]):
            try:
                return str(Locale.parse(candidate, sep="-")).replace("_", "-")
            except (UnknownLocaleError, ValueError):
                continue
    raise ValueError('write a locale such as "en" or "de-CH"')


def check_locale(text: str) -> str:
    """The text itself, if there is a locale close to it. Raises ValueError."""
    closest_locale(text)
    return text


def check_time_zone(text: str) -> str:
    """The name, if it is one. Raises ValueError."""
    if text not in _time_zones():
        raise ValueError('write a time zone such as "Europe/Vienna" or "UTC"')
    return text


def check_currency(text: str) -> str:
    """The code, if it is one. Raises ValueError."""
    if decimals(text) is None:
        raise ValueError('write a currency such as "EUR" or "JPY"')
    return text


def currency_of(locale: str) -> str:
    """What is paid with where that locale is spoken: browsers know a locale, but no currency."""
    territory = next((part for part in _plain(locale).split("-")[1:] if len(part) == 2 and part.isalpha()), "")  # noqa: PLR2004 - ISO 3166
    paid = get_territory_currencies(territory.upper()) if territory else []
    return next((code for code in paid if code in CURRENCIES and not CURRENCIES[code].withdrawn), DEFAULT_CURRENCY)


def week_start_of(locale: str) -> WeekStart:
    """Where weeks begin where that locale is spoken; Monday where it is none of the days that we offer."""
    first = Locale.parse(closest_locale(locale), sep="-").first_week_day
    return next((start for start in WeekStart if start.weekday == first), WeekStart.MONDAY)


def _plain(text: str) -> str:
    """Without what a browser may add about calendars and digits, and without POSIX's underscores."""
    return text.replace("_", "-").partition("-u-")[0]


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())
