"""Sentences of an answer: templates whose slots code fills, each number with the list that it is the sum of."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from babel import Locale
from babel.dates import format_date
from pydantic import BaseModel, Field

from contracts.money import from_minor
from services.insights.ask.answer_templates import ENGLISH, LANGUAGES, PAYMENTS, Say
from services.insights.insights.facts.fact import Form, Slot
from services.insights.insights.wording.slots import written

_SLOT = re.compile(r"\{([a-z]+)\}")

Evidence = dict[str, str]


class Piece(BaseModel):
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
    pieces: list[Piece]


@dataclass(frozen=True)
class Speaker:
    """Says things in a locale."""

    locale: Locale

    def say(self, what: Say, **cells: Piece) -> Sentence:
        """The sentence with its slots filled. What is filled in is never read again for slots."""
        template = LANGUAGES.get(self.locale.language, ENGLISH)[what]
        pieces: list[Piece] = []
        end = 0
        for slot in _SLOT.finditer(template):
            pieces += [Piece(text=template[end : slot.start()])] if slot.start() > end else []
            pieces.append(cells[slot[1]])
            end = slot.end()
        pieces += [Piece(text=template[end:])] if end < len(template) else []
        return Sentence(text="".join(piece.text for piece in pieces), pieces=pieces)

    def amount(self, minor: int, currency: str, evidence: Evidence | None) -> Piece:
        """An amount of money."""
        slot = Slot(from_minor(minor, currency), Form.AMOUNT, currency)
        return Piece(text=written(slot, self.locale), value=slot.value, unit=currency, evidence=evidence)

    def count(self, many: int, evidence: Evidence) -> Piece:
        """So many payments."""
        one, more = PAYMENTS.get(self.locale.language, PAYMENTS["en"])
        number = written(Slot(str(many), Form.COUNT), self.locale)
        text = f"{number}\N{NO-BREAK SPACE}{one if many == 1 else more}"
        return Piece(text=text, value=str(many), unit="payments", evidence=evidence)

    def day(self, day: dt.date) -> Piece:
        """A day with its year."""
        return Piece(text=format_date(day, "long", locale=self.locale))

    def name(self, name: str) -> Piece:
        """What somebody typed: data."""
        return Piece(text=written(Slot(name, Form.NAME), self.locale))

    def list(self, names: Iterable[str]) -> Piece:
        """Several names."""
        return Piece(text=" · ".join(self.name(name).text for name in names))
