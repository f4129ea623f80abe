"""Sentences of an answer. Code fills the slots of templates; each number comes with its evidence."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from babel import Locale
from babel.dates import format_date
from pydantic import BaseModel, Field

from chassis.http.events import StreamEvent
from contracts.money import Money
from services.insights.ask.answer_templates import ENGLISH, LANGUAGES, PAYMENTS, Template
from services.insights.insights.facts.fact import Slot, SlotForm
from services.insights.insights.wording.slots import render_slot

_SLOT = re.compile(r"\{([a-z]+)\}")

Evidence = dict[str, str]


class SentencePart(BaseModel):
    """A part of a sentence. For a number, with its value, unit and evidence."""

    text: str
    value: str | None = None
    unit: str | None = Field(default=None, description='A currency, or "payments".')
    evidence: Evidence | None = Field(
        default=None,
        description="Parameters of GET /api/v1/expenses. The sum, or the count, of that list is this number.",
    )


class Sentence(StreamEvent):
    """One sentence, as a whole and in parts."""

    event: ClassVar = "sentence"
    text: str
    pieces: list[SentencePart]


@dataclass(frozen=True)
class SentenceWriter:
    """Writes sentences in a locale."""

    locale: Locale

    def sentence(self, template: Template, **cells: SentencePart) -> Sentence:
        """Returns the sentence with its slots filled. Filled text is never searched for slots."""
        pattern = LANGUAGES.get(self.locale.language, ENGLISH)[template]
        pieces: list[SentencePart] = []
        end = 0
        for slot in _SLOT.finditer(pattern):
            pieces += [SentencePart(text=pattern[end : slot.start()])] if slot.start() > end else []
            pieces.append(cells[slot[1]])
            end = slot.end()
        pieces += [SentencePart(text=pattern[end:])] if end < len(pattern) else []
        return Sentence(text="".join(piece.text for piece in pieces), pieces=pieces)

    def amount(self, minor: int, currency: str, evidence: Evidence | None) -> SentencePart:
        """Returns an amount of money."""
        slot = Slot.of(Money(minor, currency), SlotForm.AMOUNT)
        return SentencePart(text=render_slot(slot, self.locale), value=slot.value, unit=currency, evidence=evidence)

    def count(self, many: int, evidence: Evidence) -> SentencePart:
        """Returns a number of payments."""
        singular, plural = PAYMENTS.get(self.locale.language, PAYMENTS["en"])
        number = render_slot(Slot(str(many), SlotForm.COUNT), self.locale)
        text = f"{number}\N{NO-BREAK SPACE}{singular if many == 1 else plural}"
        return SentencePart(text=text, value=str(many), unit="payments", evidence=evidence)

    def day(self, day: dt.date) -> SentencePart:
        """Returns a day with its year."""
        return SentencePart(text=format_date(day, "long", locale=self.locale))

    def name(self, name: str) -> SentencePart:
        """Returns a user's text, never searched for slots."""
        return SentencePart(text=render_slot(Slot(name, SlotForm.NAME), self.locale))

    def list(self, names: Iterable[str]) -> SentencePart:
        """Returns several names."""
        return SentencePart(text=" · ".join(self.name(name).text for name in names))
