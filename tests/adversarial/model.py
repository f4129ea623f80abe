"""A model that lies: sometimes it is right, mostly it bends what would have been right, by chance and by craft."""

import json
import random
from typing import Any

from services.insights.llm.client import Body
from tests.support import model_texts

BENT = (
    *("1", "42", "400", "3.5", "1,234", "12%", "€5", "٤٠٠", "４", "½", "②", "𝟜", "Ⅻ", "四"),
    *("one", "twice", "half", "a dozen", "twelve hundred", "tw-elve", "t e n", "double", "tenfold", "ix", "IV", "k"),
    *("thousand", "million", "percent", "euros", "cents", "zwanzig", "mille", "veinte", "оne", "on\u200be"),
    *("more", "less", "not", "about", "over", "at least", "every week", "per day", "minus", "times", "up", "down"),
    *("{f1}", "{f2}", "{f1.share}", "{f2.total}", "{f3.months}", "{f9}", "{value}", "{{f1}}", "{f1", "}", "{F1}"),
    *("<b>", "</b>", "**", "`", "[x](http://evil.example)", "www.evil.example", "\n", "\u202e", "😀", "-", "–", "/"),
    *("calm", "so far", "well", "kindly", "in all", "and then", "a steady month"),
)
GLUE = ("", " ", " ", " ", ", ", "-", ".")


class AdversarialModel:
    """A transport: takes a body as it would go over the wire, gives bytes as they would come back."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.texts = 0

    def __call__(self, body: Body, _: float) -> bytes:
        facts = json.loads(body["messages"][1]["content"])["facts"]
        worded = [{"fact": self._name(fact), "text": self._text(fact)} for fact in facts]
        self.texts += len(worded)
        answer = json.dumps({"insights": worded})
        if self._random.random() < 0.02:
            answer = answer[: self._random.randrange(len(answer))]
        return json.dumps({"choices": [{"message": {"content": answer}}]}).encode()

    def _name(self, fact: dict[str, Any]) -> str:
        return fact["fact"] if self._random.random() < 0.97 else self._random.choice(["f1", "f9", "", "f2"])

    def _text(self, fact: dict[str, Any]) -> str:
        chance = self._random
        text = model_texts.right(fact)
        if chance.random() < 0.1:
            return text
        if chance.random() < 0.15:
            crafts = (model_texts.digits, model_texts.number_words, model_texts.contradicting, model_texts.links)
            return chance.choice(crafts)(fact)
        for _ in range(chance.choice((1, 1, 2, 3))):
            text = self._bend(text, fact["fact"])
        return text

    def _bend(self, text: str, name: str) -> str:
        chance = self._random
        words = text.split(" ")
        place = chance.randrange(len(words) + 1)
        lie = chance.choice(BENT).replace("f1", name)
        match chance.randrange(4):
            case 0:
                words.insert(place, lie)
                return " ".join(words)
            case 1:
                words[min(place, len(words) - 1)] = lie
                return " ".join(words)
            case 2:
                at = chance.randrange(len(text) + 1)
                return text[:at] + chance.choice(GLUE) + lie + chance.choice(GLUE) + text[at:]
            case _:
                chance.shuffle(words)
                return " ".join(words)
