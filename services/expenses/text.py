"""Which text of users may be stored."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from contracts.text import fold

_ALLOWED_CONTROLS = frozenset("\n\r\t")


def _plain(text: str) -> str:
    if any(unicodedata.category(char) == "Cc" and char not in _ALLOWED_CONTROLS for char in text):
        msg = "control characters cannot be stored"
        raise ValueError(msg)
    return text


def _blank_is_none(text: str | None) -> str | None:
    return text if text and fold(text) else None


def _visible(text: str) -> str:
    if not fold(text):
        msg = "a name needs at least one character that can be seen"
        raise ValueError(msg)
    return text


_PLAIN = AfterValidator(_plain)
_VISIBLE = AfterValidator(_visible)
_OPTIONAL = AfterValidator(_blank_is_none)

PlainText = Annotated[str, _PLAIN]

Merchant = Annotated[Annotated[str, StringConstraints(max_length=200, strip_whitespace=True), _PLAIN] | None, _OPTIONAL]
"""The payee; blank counts as None."""

Note = Annotated[Annotated[str, StringConstraints(max_length=2000), _PLAIN] | None, _OPTIONAL]
"""A note, stored exactly as typed; blank counts as None."""

CategoryName = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True), _PLAIN, _VISIBLE]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True), _PLAIN, _VISIBLE]
