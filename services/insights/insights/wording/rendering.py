"""From facts and words to the insights that are stored and shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from services.insights.insights.facts.fact import Fact
from services.insights.insights.schemas import Days, Number, StoredInsight
from services.insights.insights.wording.formulas import formula_for
from services.insights.insights.wording.phrasing import Phrase
from services.insights.insights.wording.slots import SLOT, RenderedSlot, fill, locale_of, template_for


def render(facts: Sequence[Fact], words: Mapping[str, Phrase], locale: str) -> list[StoredInsight]:
    """Each fact in the words found for it, else in its template."""
    return [_insight(fact, words.get(fact.id), locale) for fact in facts]


def reusable(items: Iterable[StoredInsight], facts: Iterable[Fact]) -> dict[str, Phrase]:
    """A model's earlier words for those facts that kept their shape: their numbers alone are new, and in slots."""
    earlier = {item.id: item for item in items if item.source == "model"}
    return {
        fact.id: Phrase(item.words, item.sent)
        for fact in facts
        if (item := earlier.get(fact.id)) and (item.direction, item.slots) == (fact.direction, sorted(fact.slots))
    }


def _insight(fact: Fact, phrase: Phrase | None, locale: str) -> StoredInsight:
    known = locale_of(locale)
    source: Literal["template", "model"] = "model" if phrase else "template"
    chosen = phrase.words if phrase else template_for(fact, known)
    text, shown = fill(chosen, fact, known)
    return StoredInsight(
        id=fact.id,
        kind=fact.kind,
        text=text,
        value=fact.value.value,
        unit=fact.value.unit,
        period=Days(since=fact.period.since, until=fact.period.until),
        direction=fact.direction,
        evidence=fact.evidence.parameters(),
        numbers=list(_numbers(chosen, shown)),
        formula=formula_for(fact, known),
        source=source,
        sent=phrase.call if phrase else None,
        words=chosen,
        slots=sorted(fact.slots),
    )


def _numbers(words: str, shown: Iterable[RenderedSlot]) -> Iterator[Number]:
    """Each with its place: the same digits may stand elsewhere too, in a date or a name."""
    at = end = 0
    for match, part in zip(SLOT.finditer(words), shown, strict=True):
        at += match.start() - end
        if part.slot.unit:
            yield _number(part, at)
        at, end = at + len(part.text), match.end()


def _number(shown: RenderedSlot, at: int) -> Number:
    slot = shown.slot
    evidence, proof = (slot.evidence.parameters(), slot.proof) if slot.evidence else (None, None)
    return Number(
        name=shown.name,
        text=shown.text,
        at=at,
        value=slot.value,
        unit=slot.unit,
        evidence=evidence,
        proof=proof,
    )
