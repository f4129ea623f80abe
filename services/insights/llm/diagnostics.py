"""Looks at a model's server as it will be used, says in plain words what is wrong, and finds a mode that works.

It sends sentences of its own: no data of any ledger.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chassis.http.events import StreamEvent
from services.insights.llm.client import LlmClient, LlmError, Message
from services.insights.llm.diagnostics_text import refused, unreached
from services.insights.llm.http_transport import HttpTransport, chunks
from services.insights.llm_server import LADDER, LlmMode, LlmServer

TIMEOUT = 20.0
"""Timeout of each check in seconds, the same as that of a call."""
_WORD = "heron"
_PADDING = "The following lines say nothing of interest, and are here to fill space. " * 120
"""Slightly longer than the longest real prompt: some 2,000 tokens."""


class DiagnosticCheck(StrEnum):
    """The checks, in this order."""

    REACH = "reach"
    MODEL = "model"
    SCHEMA = "schema"
    TOOL = "tool"
    JSON = "json"
    PLAIN = "plain"
    STREAM = "stream"
    CONTEXT = "context"


class Finding(StreamEvent):
    """The result of one check."""

    event: ClassVar = "finding"
    look: DiagnosticCheck
    good: bool
    says: str
    milliseconds: int = 0


class Verdict(StreamEvent):
    """The conclusion from all checks."""

    event: ClassVar = "verdict"
    good: bool
    mode: LlmMode | None = Field(description="The strictest way of asking that works; null where none does.")
    says: str


class _Sum(BaseModel):
    model_config = ConfigDict(extra="forbid")

    animal: str
    legs: int


class _Listed(BaseModel):
    id: str


class _List(BaseModel):
    data: list[_Listed]


_ASKED: list[Message] = [
    {"role": "system", "content": 'Answer with JSON only: {"animal": "...", "legs": ...}.'},
    {"role": "user", "content": "How many legs does a spider have?"},
]


class Diagnostics:
    """Checks one endpoint."""

    def __init__(self, endpoint: LlmServer, *, timeout: float = TIMEOUT) -> None:
        self._endpoint = endpoint
        self._timeout = timeout
        self._transport = HttpTransport(endpoint)

    def run(self) -> Iterator[Finding | Verdict]:
        """Yields each finding when it is made, and the verdict at the end."""
        reach, listed = self._reach()
        yield reach
        if not reach.good:
            yield Verdict(good=False, mode=None, says=reach.says)
            return
        if listed is not None:
            yield self._present(listed)
        working, last = [], reach
        for mode in LADDER:
            yield (last := self._asked(mode))
            working += [mode] if last.good else []
            if not last.good and last.milliseconds >= self._timeout * 1000:
                break  # it hangs: the other ways would only take as long
        if not working:
            yield Verdict(good=False, mode=None, says=f"The model cannot be used. {last.says}")
            return
        yield self._streams()
        context = self._context(working[0])
        yield context
        yield _verdict(self._endpoint, working, context)

    def _reach(self) -> tuple[Finding, list[str] | None]:
        """Checks whether the server responds, and lists its models if it can."""
        started = time.monotonic()
        try:
            with self._transport.opened("GET", "/models", started + self._timeout) as answer:
                body = b"".join(chunks(answer, started + self._timeout))
            models = [one.id for one in _List.model_validate_json(body).data]
        except LlmError as error:
            says = unreached(self._endpoint, error)
            # Some servers list nothing, and answer all the same.
            known = error.reason == "too_large" or error.status in {404, 405, 501}
            finding = Finding(
                look=DiagnosticCheck.REACH, good=known, says="It answers, and lists no models." if known else says
            )
            return finding, None
        except ValidationError:
            place = self._endpoint.place
            says = f"Something answers at {place}, but not as OpenAI's API does. Does the address end in /v1?"
            return Finding(look=DiagnosticCheck.REACH, good=False, says=says), None
        finding = Finding(look=DiagnosticCheck.REACH, good=True, says="It answers.", milliseconds=_since(started))
        return finding, models

    def _present(self, listed: list[str]) -> Finding:
        name = self._endpoint.model
        if name in listed or f"{name}:latest" in listed:
            return Finding(look=DiagnosticCheck.MODEL, good=True, says=f"It has the model {name}.")
        some = ", ".join(sorted(listed)[:5]) or "none"
        return Finding(look=DiagnosticCheck.MODEL, good=False, says=f"It lists no model {name}. It has: {some}.")

    def _asked(self, mode: LlmMode) -> Finding:
        model = LlmClient(replace(self._endpoint, mode=mode), self._transport, timeout=self._timeout)
        started = time.monotonic()
        try:
            answer = model.complete(_ASKED, _Sum).value
        except LlmError as error:
            return Finding(look=DiagnosticCheck(mode), good=False, says=refused(error), milliseconds=_since(started))
        right = answer.legs == 8  # noqa: PLR2004 - a spider's
        says = "It works." if right else "It answers in the right shape, though not wisely."
        return Finding(look=DiagnosticCheck(mode), good=True, says=says, milliseconds=_since(started))

    def _streams(self) -> Finding:
        """Checks whether it can stream. Outlay does not need it, since complete responses are verified."""
        started = time.monotonic()
        body = {"model": self._endpoint.model, "messages": _ASKED, "stream": True}
        try:
            with self._transport.opened("POST", "/chat/completions", started + self._timeout, body) as answer:
                text = b"".join(chunks(answer, started + self._timeout))
        except LlmError as error:
            return Finding(look=DiagnosticCheck.STREAM, good=False, says=f"{refused(error)} It is not needed.")
        good = text.lstrip().startswith((b"data:", b":"))
        says = "It streams; that is not needed." if good else "It does not stream, which is not needed."
        return Finding(look=DiagnosticCheck.STREAM, good=good, says=says, milliseconds=_since(started))

    def _context(self, mode: LlmMode) -> Finding:
        """Checks whether it remembers the start of a long prompt. Some servers truncate prompts without an error."""
        model = LlmClient(replace(self._endpoint, mode=mode), self._transport, timeout=self._timeout)
        messages: list[Message] = [
            {"role": "system", "content": f'The animal is "{_WORD}". {_ASKED[0]["content"]}'},
            {"role": "user", "content": f"{_PADDING}\nWhich animal was named first of all, and how many legs has it?"},
        ]
        started = time.monotonic()
        try:
            answer = model.complete(messages, _Sum).value
        except LlmError as error:
            return Finding(look=DiagnosticCheck.CONTEXT, good=False, says=refused(error), milliseconds=_since(started))
        good = _WORD in answer.animal.lower()
        says = "It reads long prompts whole." if good else "It forgets how a long prompt began: give it more context."
        return Finding(look=DiagnosticCheck.CONTEXT, good=good, says=says, milliseconds=_since(started))


def _verdict(endpoint: LlmServer, working: list[LlmMode], context: Finding) -> Verdict:
    mode = working[0]
    if endpoint.mode is not LlmMode.AUTO and endpoint.mode not in working:
        says = f"OPENAI_MODE={endpoint.mode} does not work there. Set it to {mode}, or to auto."
        return Verdict(good=False, mode=mode, says=says)
    if not context.good:
        says = "Short prompts work, long ones do not. With Ollama, OLLAMA_CONTEXT_LENGTH=8192 helps."
        return Verdict(good=False, mode=mode, says=says)
    return Verdict(good=True, mode=mode, says=f"All is well. It is asked by {mode}.")


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
