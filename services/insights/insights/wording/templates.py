"""The sentences in which facts are told without a model: for each language and kind, the fullest one first.

Of a kind's sentences the first whose slots the fact has is used. Slots are filled by code and hold every number.
"""

from collections.abc import Mapping

from services.insights.insights.facts.fact import Direction, FactKind
from services.insights.insights.wording import payment_templates

Key = tuple[FactKind, Direction]

ENGLISH: Mapping[Key, tuple[str, ...]] = {
    (FactKind.LARGEST_CATEGORY, Direction.NONE): (
        "{category} is the largest part of {month} so far: {value} of {total}, which is {share}.",
        "{category} is the largest part of {month} so far: {value}.",
    ),
    (FactKind.CHANGE, Direction.UP): (
        "Up to {until} you spent {now}: {value} more than in the same days of {previous}, up {percent}.",
        "Up to {until} you spent {now}: {value} more than in the same days of {previous}.",
    ),
    (FactKind.CHANGE, Direction.DOWN): (
        "Up to {until} you spent {now}: {value} less than in the same days of {previous}, down {percent}.",
        "Up to {until} you spent {now}: {value} less than in the same days of {previous}.",
    ),
    (FactKind.CHANGE, Direction.FLAT): ("Up to {until} you spent {now}, as much as in the same days of {previous}.",),
    (FactKind.PACE, Direction.NONE): (
        "{so_far} so far. Going by {months} earlier months, this ends at {value}, probably between {low} and {high}.",
        "{so_far} so far. Going by {months} earlier months, this ends at {value}.",
        "{so_far} so far. If it goes on like this, the month ends at {value}.",
    ),
    **payment_templates.ENGLISH,
}

GERMAN: Mapping[Key, tuple[str, ...]] = {
    (FactKind.LARGEST_CATEGORY, Direction.NONE): (
        "{category} ist bisher der größte Posten im {month}: {value} von {total}, das sind {share}.",
        "{category} ist bisher der größte Posten im {month}: {value}.",
    ),
    (FactKind.CHANGE, Direction.UP): (
        "Bis zum {until} hast du {now} ausgegeben: {value} mehr als an denselben Tagen im {previous}, {percent}.",
        "Bis zum {until} hast du {now} ausgegeben: {value} mehr als an denselben Tagen im {previous}.",
    ),
    (FactKind.CHANGE, Direction.DOWN): (
        "Bis zum {until} hast du {now} ausgegeben: {value} weniger als an denselben Tagen im {previous}, {percent}.",
        "Bis zum {until} hast du {now} ausgegeben: {value} weniger als an denselben Tagen im {previous}.",
    ),
    (FactKind.CHANGE, Direction.FLAT): (
        "Bis zum {until} hast du {now} ausgegeben, so viel wie an denselben Tagen im {previous}.",
    ),
    (FactKind.PACE, Direction.NONE): (
        "Bisher {so_far}. Nach {months} früheren Monaten endet dieser bei {value}, wohl zwischen {low} und {high}.",
        "Bisher {so_far}. Nach {months} früheren Monaten endet dieser bei {value}.",
        "Bisher {so_far}. Geht es so weiter, endet der Monat bei {value}.",
    ),
    **payment_templates.GERMAN,
}

LANGUAGES: Mapping[str, Mapping[Key, tuple[str, ...]]] = {"en": ENGLISH, "de": GERMAN}
"""By language code; English serves where a language is missing."""
