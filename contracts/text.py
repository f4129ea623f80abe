"""Comparison of text that users type: `fold` for names, `fold_for_search` for searches.

Names that look the same are equal: NFC, case-folded, and

- all apostrophes are equal, and so are all double quotation marks and all dashes;
- full-width and half-width characters equal those of normal width;
- every run of blanks equals one space, and invisible characters are ignored;
- the letters i and I with and without a dot are equal, since case-folding alone separates the Turkish ones.

Text that looks different stays different: accents, superscripts (NFKC would equate m² and m2), other scripts.
A search also ignores accents and compatibility forms. The web app has the same two functions in
`frontend/src/lib/text/fold.ts`; `tests/golden/names.json` tests both. A change of `fold` needs migrations of the
stored keys in expenses and insights.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

_APOSTROPHES = "\u0060\u00b4\u02b9\u02bb\u02bc\u02bd\u055a\u05f3\u2018\u2019\u201b\u2032\ua78c"
_QUOTATION_MARKS = "\u05f4\u201c\u201d\u201e\u201f\u2033"
_DASHES = "\u02d7\u058a\u05be\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0100-\U000e01ef"
)
"""Unicode's default ignorable characters, except the tags by which the flags of England and Scotland differ."""
_WIDTHS = {char: unicodedata.normalize("NFKC", char) for char in map(chr, range(0xFF01, 0xFFEF))}
"""The block of full and half width; unassigned characters stay."""
_EQUIVALENTS: Mapping[str, str] = (
    dict.fromkeys(_APOSTROPHES, "'")
    | dict.fromkeys(_QUOTATION_MARKS, '"')
    | dict.fromkeys(_DASHES, "-")
    | {char: text for char, text in _WIDTHS.items() if char != "\uffa0"}  # a filler, and unseen
    | {"\u0130": "i", "\u0131": "i", "\u2800": " "}
)
_IGNORED = re.compile(f"[{_INVISIBLE}]|(?<=i)\u0307")
"""Also the dot that case-folding leaves beside an i."""

_ACCENTS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u0652\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
)
"""Marks over and under letters, and the points of Hebrew and Arabic. Vowel signs and voicing marks are letters."""
_PLAIN_LETTERS: Mapping[str, str] = {
    "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ł": "l", "ŧ": "t", "þ": "th", "ŋ": "n",
}  # fmt: skip
"""Letters that look accented and have no decomposition in Unicode."""


def _replacing(replacements: Mapping[str, str]) -> Callable[[str], str]:
    """Replaces characters: 2,000 emoji take 4 µs, and 107 µs by `str.translate`, which looks each one up."""
    pattern = re.compile(f"[{''.join(map(re.escape, replacements))}]")
    return lambda text: pattern.sub(lambda match: replacements[match[0]], text)


_unify, _replace_letters = _replacing(_EQUIVALENTS), _replacing(_PLAIN_LETTERS)


def fold(text: str) -> str:
    """Returns the key for comparing names: at most three times as long as the name, without line breaks.

    Empty for an invisible text.
    """
    if text.isascii():
        return " ".join(text.casefold().replace("`", "'").split())
    while (folded := _folded(text)) != text:
        text = folded
    return text


def fold_for_search(text: str) -> str:
    """Returns the key for searches: `fold`, without accents and compatibility forms."""
    text = fold(text)
    while not text.isascii() and (folded := fold(_without_accents(text))) != text:
        text = folded
    return text


def _folded(text: str) -> str:
    same = _unify(unicodedata.normalize("NFC", text)).casefold()
    return unicodedata.normalize("NFC", " ".join(_IGNORED.sub("", same).split()))


def _without_accents(text: str) -> str:
    return _replace_letters(_ACCENTS.sub("", unicodedata.normalize("NFKD", text)))
