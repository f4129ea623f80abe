"""Lets a model phrase facts: what it is shown, what it may answer, and one more try where its words are unfit."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.insights import metrics
from services.insights.insights.facts.fact import VALUE, Fact, Form
from services.insights.insights.wording.verifier import LONGEST, Unfit, check
from services.insights.llm.client import Message, ModelError
from services.insights.llm.gateway import Line

INSTRUCTIONS = f"""\
You word facts about a person's spending, in plain, calm English: short, kind, no advice, no exclamation marks.
You are given facts as JSON. Write one sentence for each, of at most {LONGEST // 2} characters.
Numbers, names and dates stand in slots, which are filled in later: {{f1}} for the value of fact f1, {{f1.share}} for
its slot "share". Each sentence holds its fact's value and uses no other fact's slots. Put spaces around slots.
Never write a digit, a number in words (not even "one", "half" or "twice"), a currency, "percent", a name, a date,
words such as "about", "over", "every" or "not", a link or any markup.
"direction" says which way a fact points; words must agree with it. The value of a change, of any kind, and of a
price_rise is a difference, without a sign: write "more" or "less" right after it, or "by" right before it. Any other
value is a sum of money spent, never a difference. Say "largest" of a largest_category only, and "lowest" of
a lowest_month. Where there is a slot "previous", say first which way it went, and only then against which month.
Answer with JSON only: {{"insights": [{{"fact": "f1", "text": "..."}}]}}."""


class _Wording(BaseModel):
    model_config = ConfigDict(extra="forbid")

    fact: str
    text: str


class Wordings(BaseModel):
    """What a model may answer."""

    model_config = ConfigDict(extra="forbid")

    insights: list[_Wording]


class Phrase(NamedTuple):
    """Words with slots, and the call to the model that they are from."""

    words: str
    call: UUID | None


def phrase(facts: Sequence[Fact], line: Line) -> dict[str, Phrase]:
    """Words for those facts for which the model found fit ones, by fact id, with the facts' own slot names."""
    names = {f"f{number}": fact for number, fact in enumerate(facts, 1)}
    messages = [_message("system", INSTRUCTIONS), _message("user", _told(names))]
    found: dict[str, Phrase] = {}
    reason = "unfit"
    for _ in range(2):
        try:
            answer = line.ask(messages, Wordings, [fact.id for fact in facts])
        except ModelError as error:
            reason = error.reason
            break
        fit, unfit = _judge(answer.value, names)
        line.judged(answer.call, {names[name].id: "fit" for name in fit} | _by_id(unfit, names))
        found |= {names[name].id: Phrase(text, answer.call) for name, text in fit.items()}
        if not unfit:
            break
        messages += [_message("assistant", answer.value.model_dump_json()), _message("user", _objection(unfit))]
    if len(found) < len(facts):
        metrics.fallbacks.labels(reason).inc(len(facts) - len(found))
    return found


def _judge(answer: Wordings, names: Mapping[str, Fact]) -> tuple[dict[str, str], dict[str, str]]:
    """The fit texts, and the objections to the others."""
    fit: dict[str, str] = {}
    unfit: dict[str, str] = {}
    for wording in answer.insights[: len(names)]:
        if wording.fact not in names:
            unfit[wording.fact] = "there is no such fact"
            continue
        try:
            fit[wording.fact] = check(wording.text, wording.fact, names[wording.fact])
        except Unfit as error:
            unfit[wording.fact] = str(error)
    metrics.verdicts.labels("fit").inc(len(fit))
    metrics.verdicts.labels("unfit").inc(len(unfit))
    return fit, unfit


def _by_id(unfit: Mapping[str, str], names: Mapping[str, Fact]) -> dict[str, str]:
    return {names[name].id if name in names else name[:8]: reason for name, reason in unfit.items()}


def _told(names: Mapping[str, Fact]) -> str:
    """The facts as the model sees them. Names that people typed stay here: they are c1, c2 … to the model."""
    facts = []
    for name, fact in names.items():
        lent = {key: slot for key, slot in fact.slots.items() if not slot.templates_only}
        typed = [key for key, slot in lent.items() if slot.form is Form.NAME]
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


def _objection(unfit: Mapping[str, str]) -> str:
    reasons = "; ".join(f"{name[:8]}: {reason}" for name, reason in unfit.items())
    return f"Some texts cannot be used ({reasons}). Answer again, with new texts for these facts only."


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}
