"""Locale, time zone and currency of a user, from what the browser reports."""

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
"""Used where neither a currency nor a territory is known."""

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_MAX_TAG_LENGTH = 35
"""RFC 5646 recommends room for 35 characters."""


def closest_locale(text: str) -> str:
    """Returns the closest known locale in BCP 47 form: an unknown "en-JP" becomes "en". Raises ValueError."""
    tag = _plain(text)
    if len(tag) <= _MAX_TAG_LENGTH and _TAG.fullmatch(tag):
        for candidate in (tag, tag.partition("-")[0]):
            try:
                return str(Locale.parse(candidate, sep="-")).replace("_", "-")
            except (UnknownLocaleError, ValueError):
                continue
    raise ValueError('write a locale such as "en" or "de-CH"')


def check_locale(text: str) -> str:
    """Returns the text unchanged if a known locale is close to it. Raises ValueError."""
    closest_locale(text)
    return text


def check_time_zone(text: str) -> str:
    """Returns the name unchanged if it is a known time zone. Raises ValueError."""
    if text not in _time_zones():
        raise ValueError('write a time zone such as "Europe/Vienna" or "UTC"')
    return text


def check_currency(text: str) -> str:
    """Returns the code unchanged if it is a known currency. Raises ValueError."""
    if decimals(text) is None:
        raise ValueError('write a currency such as "EUR" or "JPY"')
    return text


def currency_of(locale: str) -> str:
    """Returns the currency of the locale's territory. Browsers report a locale, but no currency."""
    territory = next((part for part in _plain(locale).split("-")[1:] if len(part) == 2 and part.isalpha()), "")  # noqa: PLR2004 - ISO 3166
    codes = get_territory_currencies(territory.upper()) if territory else []
    return next((code for code in codes if code in CURRENCIES and not CURRENCIES[code].withdrawn), DEFAULT_CURRENCY)


def week_start_of(locale: str) -> WeekStart:
    """Returns the first day of the week in the locale, or Monday if it is a day that we do not offer."""
    first = Locale.parse(closest_locale(locale), sep="-").first_week_day
    return next((start for start in WeekStart if start.weekday == first), WeekStart.MONDAY)


def _plain(text: str) -> str:
    """Returns the tag without Unicode extensions (calendar, digits), and with hyphens for POSIX underscores."""
    return text.replace("_", "-").partition("-u-")[0]


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())
