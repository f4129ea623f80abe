"""Checks the words of a model: they may not hold a number, nor turn a fact round. When in doubt, refused.

It proves that every number shown stands in a slot of the fact in question. It does not prove that the sentence
around it is wise; what bends a number or points the other way is refused by lists of words.
"""

import re
import unicodedata

from services.insights.insights.facts.fact import VALUE, Direction, Fact, FactKind, SlotForm
from services.insights.insights.wording.number_words import BENDING, says_a_number

MAX_LENGTH = 240
"""Characters: more than a card shows is not read."""

_SLOT = re.compile(r"\{([a-z][a-z0-9]{0,5})(?:\.([a-z_]{1,20}))?\}")
_PROSE = re.compile(r"[A-Za-z .,;:!?'’\"“”–—-]*")  # noqa: RUF001 - what people's keyboards make of quotes and dashes
_WORD = re.compile(r"[A-Za-z]+")
_HOST = re.compile(r"[A-Za-z]\.[A-Za-z]")

_UP = re.compile(
    r"(more|higher|up|upwards?|increas\w*|ris(e|es|en|ing)|rose|grew|grow\w*|climb\w*|jump\w*|exceed\w*|surg\w*"
    r"|soar\w*|extra|additional\w*|gain\w*|bigger|larger|expensive|worse)$"
)
_DOWN = re.compile(
    r"(less|lower\w*|fewer|down|downwards?|decreas\w*|fall\w*|fell|drop\w*|declin\w*|shrink\w*|shrank|sank|sink\w*"
    r"|reduc\w*|sav(e|es|ed|ing|ings)|cut|cuts|dip\w*|cheaper|smaller|better)$"
)
_FLAT = re.compile(r"(unchanged|flat|steady|stable|equal\w*|identical\w*|constant\w*)$")
_HIGHEST = re.compile(r"(highest|largest|biggest|greatest|dearest|costliest|heaviest|top|peak\w*|record|maxim\w*)$")
_LOWEST = re.compile(r"(smallest|lowest|fewest|cheapest|lightest|quietest|minim\w*)$")
_EXTREMES = {FactKind.LARGEST_CATEGORY: _HIGHEST, FactKind.LOWEST_MONTH: _LOWEST}
"""The kinds that say of something that it is an extreme, and which one."""
_BEFORE = re.compile(r"(last|previous\w*|earlier|prior|ago)$")
_WAYS = {Direction.UP: _UP, Direction.DOWN: _DOWN, Direction.FLAT: _FLAT}


class UnfitTextError(Exception):
    """The words cannot be shown; says why, in a sentence that the model gets to read."""


def check(text: str, name: str, fact: Fact) -> str:
    """The words with the fact's own slot names, `{value}` and `{share}` for `{f3}` and `{f3.share}`. Raises Unfit."""
    if not text.strip() or len(text) > MAX_LENGTH:
        raise UnfitTextError(f"the text must have 1 to {MAX_LENGTH} characters")
    if any(unicodedata.category(c)[0] == "C" or unicodedata.category(c) in {"Zl", "Zp"} for c in text):
        raise UnfitTextError("control characters and line breaks are not allowed")
    _check_slots(text, name, fact)
    _check_prose(_SLOT.sub(" ", text))
    _check_neighbours(text, fact)
    _check_direction(text, fact)
    _check_meaning(text, fact)
    return _SLOT.sub(lambda slot: f"{{{slot[2] or VALUE}}}", text).strip()


def _check_slots(text: str, name: str, fact: Fact) -> None:
    lent = {key for key, slot in fact.slots.items() if not slot.templates_only}
    used = [(slot[1], slot[2] or VALUE) for slot in _SLOT.finditer(text)]
    if any(of != name or key not in lent for of, key in used):
        raise UnfitTextError(f"only the slots of {name} may be used")
    if VALUE not in {key for _, key in used}:
        raise UnfitTextError(f"the text must hold {{{name}}}")


def _check_prose(prose: str) -> None:
    """Checks the text outside the slots."""
    if any(c.isnumeric() for c in unicodedata.normalize("NFKC", prose)):
        raise UnfitTextError("digits are not allowed; numbers stand in slots")
    if _PROSE.fullmatch(prose) is None:
        raise UnfitTextError("only plain English letters and punctuation are allowed: no markup, symbols or links")
    if _HOST.search(prose):
        raise UnfitTextError("links are not allowed")
    # "don't" is one word; "well-earned" is read as two, and as one, for what the hyphen could hide.
    plain = re.sub(r"['’]", "", re.sub(r"['’]s\b", " ", prose))  # noqa: RUF001 - as above
    words = [*_WORD.findall(plain), *_WORD.findall(plain.replace("-", ""))]
    if any(word.isupper() and len(word) > 1 for word in words):
        raise UnfitTextError("words in capitals are not allowed")
    lower = [word.lower() for word in words]
    if number := next((word for word in lower if says_a_number(word)), None):
        raise UnfitTextError(f"'{number}' says a number; numbers stand in slots")
    if bending := next((word for word in lower if word in BENDING), None):
        raise UnfitTextError(f"'{bending}' could make the number say something else")


def _check_neighbours(text: str, fact: Fact) -> None:
    """Refuses characters beside a slot, and between two numbers, that would turn them into other numbers."""
    end_of_number: int | None = None
    for slot in _SLOT.finditer(text):
        before, after = text[: slot.start()], text[slot.end() :]
        if re.search(r"[^\s\"“]$|[–—-]\s*$", before):  # noqa: RUF001 - dashes of all lengths look like a minus
            raise UnfitTextError("a space must stand before each slot")
        if re.match(r"(?!['’]s\b)([^\s.,;:!?\"”]|[.,;:!?]+[^\s\"”.])", after):  # noqa: RUF001 - as above
            raise UnfitTextError("a space or punctuation must stand after each slot")
        number = fact.slots[slot[2] or VALUE].form.is_number
        if number and end_of_number is not None and not _WORD.search(text[end_of_number : slot.start()]):
            raise UnfitTextError("words must stand between two numbers")
        end_of_number = slot.end() if number else end_of_number


def _check_direction(text: str, fact: Fact) -> None:
    words = list(_WORD.finditer(_SLOT.sub(lambda slot: " " * len(slot[0]), text)))
    pointing = {way: [w for w in words if signs.match(w[0].lower())] for way, signs in _WAYS.items()}
    wrong = [w[0] for way, matches in pointing.items() if way is not fact.direction for w in matches]
    if wrong:
        raise UnfitTextError(f"'{wrong[0]}' contradicts the direction, which is '{fact.direction}'")
    earlier = [w.start() for w in words if _BEFORE.match(w[0].lower())]
    earlier += [slot.start() for slot in _SLOT.finditer(text) if slot[2] == "previous"]
    right = pointing.get(fact.direction, [])
    if earlier and (not right or min(earlier) < right[0].start()):
        raise UnfitTextError("say first which way it went, and only then against which month")


def _check_meaning(text: str, fact: Fact) -> None:
    """Requires a difference, and nothing else, to be called one next to its slot. Refuses extremes that are no fact."""
    is_difference = fact.value.form is SlotForm.SIZE
    for slot in _SLOT.finditer(text):
        if (slot[2] or VALUE) == VALUE and _is_said_as_difference(text, slot) is not is_difference:
            raise UnfitTextError(
                "a difference has 'more', 'less' or 'apart' right after it, or 'by' before it; a sum has not"
            )
    allowed = _EXTREMES.get(fact.kind)
    for word in _WORD.findall(_SLOT.sub(" ", text)):
        if any(extreme is not allowed and extreme.match(word.lower()) for extreme in (_HIGHEST, _LOWEST)):
            raise UnfitTextError(f"'{word}' says what was not found")


def _is_said_as_difference(text: str, slot: re.Match[str]) -> bool:
    neighbours = re.search(r"([A-Za-z]+) $", text[: slot.start()]), re.match(r" ([A-Za-z]+)", text[slot.end() :])
    before, after = (word[1].lower() if word else "" for word in neighbours)
    pointing = any(signs.match(word) for word in (before, after) for signs in _WAYS.values())
    return pointing or before == "by" or after == "apart"
