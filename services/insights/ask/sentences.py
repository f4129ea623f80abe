"""Sentences of an answer: templates whose slots code fills, each number with the list that it is the sum of."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from babel import Locale
from babel.dates import format_date
from pydantic import BaseModel, Field

from contracts.money import Money
from services.insights.ask.answer_templates import ENGLISH, LANGUAGES, PAYMENTS, Template
from services.insights.insights.facts.fact import Slot, SlotForm
from services.insights.insights.wording.slots import render_slot

_SLOT = re.compile(r"\{([a-z]+)\}")

Evidence = dict[str, str]


class SentencePart(BaseModel):
    """A stretch of a sentence; where it is a number, what it is."""

    text: str
    value: str | None = None
    unit: str | None = Field(default=None, description='A currency, or "payments".')
    evidence: Evidence | None = Field(
        default=None,
        description="Parameters of GET /api/v1/expenses: the sum, or the count, of that list is this number.",
    )


class Sentence(BaseModel):
    """One sentence, whole and in pieces."""

    text: str
    pieces: list[SentencePart]


@dataclass(frozen=True)
class SentenceWriter:
    """Says things in a locale."""

    locale: Locale

    def sentence(self, what: Template, **cells: SentencePart) -> Sentence:
        """The sentence with its slots filled. What is filled in is never read again for slots."""
        template = LANGUAGES.get(self.locale.language, ENGLISH)[what]
        pieces: list[SentencePart] = []
        end = 0
        for slot in _SLOT.finditer(template):
            pieces += [SentencePart(text=template[end : slot.start()])] if slot.start() > end else []
            pieces.append(cells[slot[1]])
            end = slot.end()
        pieces += [SentencePart(text=template[end:])] if end < len(template) else []
        return Sentence(text="".join(piece.text for piece in pieces), pieces=pieces)

    def amount(self, minor: int, currency: str, evidence: Evidence | None) -> SentencePart:
        """An amount of money."""
        slot = Slot.of(Money(minor, currency), SlotForm.AMOUNT)
        return SentencePart(text=render_slot(slot, self.locale), value=slot.value, unit=currency, evidence=evidence)

    def count(self, many: int, evidence: Evidence) -> SentencePart:
        """So many payments."""
        one, more = PAYMENTS.get(self.locale.language, PAYMENTS["en"])
        number = render_slot(Slot(str(many), SlotForm.COUNT), self.locale)
        text = f"{number}\N{NO-BREAK SPACE}{one if many == 1 else more}"
        return SentencePart(text=text, value=str(many), unit="payments", evidence=evidence)

    def day(self, day: dt.date) -> SentencePart:
        """A day with its year."""
        return SentencePart(text=format_date(day, "long", locale=self.locale))

    def name(self, name: str) -> SentencePart:
        """Returns a user's text as data."""
        return SentencePart(text=render_slot(Slot(name, SlotForm.NAME), self.locale))

    def list(self, names: Iterable[str]) -> SentencePart:
        """Several names."""
        return SentencePart(text=" · ".join(self.name(name).text for name in names))
