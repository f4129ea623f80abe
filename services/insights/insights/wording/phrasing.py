"""Lets a model phrase facts: what it is shown, what it may answer, and one more try where its words are unfit."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.insights import metrics
from services.insights.insights.facts.fact import VALUE, Fact, SlotForm
from services.insights.insights.wording.verifier import MAX_LENGTH, UnfitTextError, check
from services.insights.llm.client import LlmError, Message
from services.insights.llm.gateway import LlmSession

INSTRUCTIONS = f"""\
You word facts about a person's spending, in plain, calm English: short, kind, no advice, no exclamation marks.
You are given facts as JSON. Write one sentence for each, of at most {MAX_LENGTH // 2} characters.
Numbers, names and dates stand in slots, which are filled in later: {{f1}} for the value of fact f1, {{f1.share}} for
its slot "share". Each sentence holds its fact's value and uses no other fact's slots. Put spaces around slots.
Never write a digit, a number in words (not even "one", "half" or "twice"), a currency, "percent", a name, a date,
words such as "about", "over", "every" or "not", a link or any markup.
"direction" says which way a fact points; words must agree with it. The value of a change, of any kind, and of a
price_rise is a difference, without a sign: write "more" or "less" right after it, or "by" right before it. Any other
value is a sum of money spent, never a difference. Say "largest" of a largest_category only, and "lowest" of
a lowest_month. Where there is a slot "previous", say first which way it went, and only then against which month.
Answer with JSON only: {{"insights": [{{"fact": "f1", "text": "..."}}]}}."""


class _ModelWording(BaseModel):
    model_config = ConfigDict(extra="forbid")

    fact: str
    text: str


class ModelWordings(BaseModel):
    """What a model may answer."""

    model_config = ConfigDict(extra="forbid")

    insights: list[_ModelWording]


class Phrase(NamedTuple):
    """Words with slots, and the call to the model that they are from."""

    words: str
    call: UUID | None


def phrase(facts: Sequence[Fact], line: LlmSession) -> dict[str, Phrase]:
    """Words for those facts for which the model found fit ones, by fact id, with the facts' own slot names."""
    names = {f"f{number}": fact for number, fact in enumerate(facts, 1)}
    messages = [_message("system", INSTRUCTIONS), _message("user", _facts_for_model(names))]
    phrases: dict[str, Phrase] = {}
    reason = "unfit"
    for _ in range(2):
        try:
            answer = line.ask(messages, ModelWordings, [fact.id for fact in facts])
        except LlmError as error:
            reason = error.reason
            break
        fit, rejected = _judge(answer.value, names)
        line.record_verdicts(answer.call, {names[name].id: "fit" for name in fit} | _by_id(rejected, names))
        phrases |= {names[name].id: Phrase(text, answer.call) for name, text in fit.items()}
        if not rejected:
            break
        messages += [_message("assistant", answer.value.model_dump_json()), _message("user", _objection(rejected))]
    if len(phrases) < len(facts):
        metrics.fallbacks.labels(reason).inc(len(facts) - len(phrases))
    return phrases


def _judge(answer: ModelWordings, names: Mapping[str, Fact]) -> tuple[dict[str, str], dict[str, str]]:
    """The fit texts, and the objections to the others."""
    fit: dict[str, str] = {}
    rejected: dict[str, str] = {}
    for wording in answer.insights[: len(names)]:
        if wording.fact not in names:
            rejected[wording.fact] = "there is no such fact"
            continue
        try:
            fit[wording.fact] = check(wording.text, wording.fact, names[wording.fact])
        except UnfitTextError as error:
            rejected[wording.fact] = str(error)
    metrics.verdicts.labels("fit").inc(len(fit))
    metrics.verdicts.labels("unfit").inc(len(rejected))
    return fit, rejected


def _by_id(rejected: Mapping[str, str], names: Mapping[str, Fact]) -> dict[str, str]:
    return {names[name].id if name in names else name[:8]: reason for name, reason in rejected.items()}


def _facts_for_model(names: Mapping[str, Fact]) -> str:
    """The facts as the model sees them. Names that people typed stay here: they are c1, c2 … to the model."""
    facts = []
    for name, fact in names.items():
        lent = {key: slot for key, slot in fact.slots.items() if not slot.templates_only}
        typed = [key for key, slot in lent.items() if slot.form is SlotForm.NAME]
        slots = {
            f"{{{name}}}" if key == VALUE else f"{{{name}.{key}}}": (
                {"is": key, "value": f"c{typed.index(key) + 1}"}
                if key in typed
                else {"is": key, "value": slot.value, "unit": slot.unit or slot.form}
            )
            for key, slot in lent.items()
        }
        facts.append({"fact": name, "kind": fact.kind, "direction": fact.direction, "slots": slots})
    return json.dumps({"facts": facts})


def _objection(rejected: Mapping[str, str]) -> str:
    reasons = "; ".join(f"{name[:8]}: {reason}" for name, reason in rejected.items())
    return f"Some texts cannot be used ({reasons}). Answer again, with new texts for these facts only."


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}
