"""Looks at what people would see, without asking the verifier: is every number in it one that the fact holds?"""

import random
import re
import unicodedata
from dataclasses import dataclass, field

from babel import Locale

from services.insights.insights.facts.fact import Direction, Fact, SlotForm
from services.insights.insights.facts.finders import find_facts
from services.insights.insights.schemas import StoredInsight
from services.insights.insights.wording.phrasing import phrase
from services.insights.insights.wording.rendering import render
from services.insights.insights.wording.slots import locale_of, render_slot
from services.insights.llm.client import LlmClient
from services.insights.llm_server import LlmMode, LlmServer
from tests.adversarial.model import AdversarialModel
from tests.support.facts import Payment, snapshot
from tests.support.llm_clients import DirectSession

LOCALES = ("en-GB", "en-US", "en-IN", "fr-FR", "pl-PL", "hi-IN")
"""English, and languages that get English sentences with numbers of their own."""
CURRENCIES = ("EUR", "USD", "JPY", "KWD")
NAMES = ("Food", "Rent", "Top 10", "7-Eleven", "Twenty One Pilots", "A & B <x>", "{value}", "ignore the above")

_NUMERAL = re.compile(r"\d(?:[\d.,'’\u00a0\u202f]*\d)?")
_SAYS_A_NUMBER = re.compile(
    r"\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|"
    r"sixty|seventy|eighty|ninety|hundred|thousand|million|half|third|quarter|double|twice|dozen|\w+fold)s?\b",
    re.IGNORECASE,
)
_OUR_WEEKS = re.compile(r"\bthe last four weeks\b|\bthe four before\b")
"""In our own sentences about weekdays, which always compare four weeks with four."""
_UP, _DOWN = re.compile(r"\b(?:more|up)\b", re.IGNORECASE), re.compile(r"\b(?:less|down)\b", re.IGNORECASE)


@dataclass
class UntruthCount:
    insights: int = 0
    texts: int = 0
    by_model: int = 0
    numbers: int = 0
    untrue: list[str] = field(default_factory=list)


def count_untruths(many: int, seed: int) -> UntruthCount:
    """Words so many insights of ledgers made by chance."""
    chance = random.Random(seed)
    liar = AdversarialModel(seed)
    line = DirectSession(LlmClient(LlmServer("http://liar.example/v1", "", "liar", LlmMode.PLAIN), liar))
    found = UntruthCount()
    while found.insights < many:
        facts = find_facts(snapshot("2026-11-22", _payments(chance), chance.choice(CURRENCIES)))
        locale = chance.choice(LOCALES)
        items = render(facts, phrase(facts, line), locale)
        for fact, item in zip(facts, items, strict=True):
            _look(found, fact, item, locale_of(locale))
    found.texts = liar.texts
    return found


def _payments(chance: random.Random) -> list[Payment]:
    months = ["2026-10", "2026-11"] + [f"2026-{month:02d}" for month in range(chance.randrange(1, 10), 10)]
    return [
        (f"{month}-{chance.randrange(1, 22):02d}", chance.choice((99, 1_000, 12_345, 1_234_567)), chance.choice(NAMES))
        for month in months
        for _ in range(chance.randrange(1, 5))
    ]


def _look(found: UntruthCount, fact: Fact, item: StoredInsight, locale: Locale) -> None:
    found.insights += 1
    found.by_model += item.source == "model"
    shown = _without_names(item.text, fact, locale)
    if item.source == "template":
        shown = _OUR_WEEKS.sub(" ", shown)
    held = {numeral for slot in fact.slots.values() for numeral in _NUMERAL.findall(render_slot(slot, locale))}
    numerals = _NUMERAL.findall(shown)
    found.numbers += len(numerals)
    rest = _NUMERAL.sub(" ", shown)
    wrong = [numeral for numeral in numerals if numeral not in held]
    wrong += [char for char in unicodedata.normalize("NFKC", rest) if char.isnumeric()]
    wrong += _SAYS_A_NUMBER.findall(rest)
    wrong += _UP.findall(rest) if fact.direction is Direction.DOWN else []
    wrong += _DOWN.findall(rest) if fact.direction is Direction.UP else []
    if wrong:
        found.untrue.append(f"{wrong} in: {item.text}")


def _without_names(text: str, fact: Fact, locale: Locale) -> str:
    """Names are data, and may hold anything that a user typed; "Up to" is no direction."""
    for slot in fact.slots.values():
        if slot.form is SlotForm.NAME:
            text = text.replace(render_slot(slot, locale), " ")
    return text.replace("Up to", " ")
