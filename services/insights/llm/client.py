"""Asks a language model: any server with OpenAI's `chat.completions`. It is never trusted with the answer."""

import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, Field, ValidationError

from services.insights.llm_server import LADDER, LlmMode, LlmServer

log = logging.getLogger(__name__)

TIMEOUT = 20.0
"""Seconds for one call. Without words for so long, the templates do."""
CONNECT_TIMEOUT = 3.0
MAX_RESPONSE_BYTES = 64 * 1024
"""Bytes that are read of an answer: a dozen sentences and their envelope need far fewer."""
_REFUSES_SCHEMA = frozenset({400, 415, 422, 501})
"""Answers of servers to a way of asking that they do not know."""
_BYTES_PER_TOKEN = 3
"""Of English and JSON; a little too few, so that an estimate is a little too high."""

Message = Mapping[str, str]
Body = dict[str, Any]
M = TypeVar("M", bound=BaseModel)


class LlmError(Exception):
    """The model gave nothing usable. `reason` is a label: timeout, unreachable, refused, too_large, malformed."""

    def __init__(self, reason: str, detail: str, status: int | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.status = status


class TokenUsage(NamedTuple):
    """What a call took."""

    sent: int
    received: int


class Completion(NamedTuple, Generic[M]):
    """An answer, read as it was asked for; `raw` is what the model said."""

    value: M
    raw: str
    tokens: TokenUsage


Transport = Callable[[Body, float], bytes]
"""Sends a body to `chat/completions`, and reads until a deadline (monotonic). Raises ModelError."""


class _FunctionCall(BaseModel):
    arguments: str = ""


class _ToolCall(BaseModel):
    function: _FunctionCall


class _ReplyMessage(BaseModel):
    content: str | None = None
    tool_calls: list[_ToolCall] | None = None

    @property
    def said(self) -> str:
        return self.tool_calls[0].function.arguments if self.tool_calls else self.content or ""


class _CompletionChoice(BaseModel):
    message: _ReplyMessage


class _Usage(BaseModel):
    prompt_tokens: int = Field(gt=0, lt=10_000_000)
    completion_tokens: int = Field(ge=0, lt=10_000_000)


class _ChatCompletion(BaseModel):
    choices: list[_CompletionChoice]
    usage: Any = None


class LlmClient:
    """One model at one address."""

    def __init__(self, endpoint: LlmServer, transport: Transport, *, timeout: float = TIMEOUT) -> None:
        self.endpoint = endpoint
        self._transport = transport
        self._timeout = timeout
        self._modes: list[LlmMode] = list(LADDER) if endpoint.mode is LlmMode.AUTO else [endpoint.mode]

    def complete(self, messages: Sequence[Message], shape: type[M]) -> Completion[M]:
        """The answer, read as `shape` whatever the server claims to have checked. Raises ModelError."""
        answer = self._complete(messages, shape, time.monotonic() + self._timeout)
        try:
            read = _ChatCompletion.model_validate_json(answer)
            said = read.choices[0].message.said
            value = shape.model_validate_json(inner_json(said))
        except (ValidationError, IndexError) as error:
            raise LlmError("malformed", "not the JSON that was asked for") from error
        return Completion(value, said, _used(read.usage, messages, said))

    def _complete(self, messages: Sequence[Message], shape: type[BaseModel], deadline: float) -> bytes:
        """The body of the answer; asks in the next way where the server does not know what one is."""
        for mode in tuple(self._modes):
            try:
                answer = self._transport(body_of(self.endpoint.model, messages, shape, mode), deadline)
            except LlmError as error:
                if error.status not in _REFUSES_SCHEMA or mode is self._modes[-1]:
                    raise
                continue
            if mode is not self._modes[0]:
                log.info("the model's server is asked in another way", extra={"mode": mode})
                self._modes = self._modes[self._modes.index(mode) :]
            return answer
        raise AssertionError("there is a mode")


def body_of(model: str, messages: Sequence[Message], shape: type[BaseModel], mode: LlmMode) -> Body:
    """What is sent: nothing but these messages, and the shape of the answer."""
    body: Body = {"model": model, "messages": list(messages)}
    name, schema = shape.__name__.lower(), shape.model_json_schema()
    match mode:
        case LlmMode.SCHEMA | LlmMode.AUTO:
            described = {"name": name, "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": described}
        case LlmMode.TOOL:
            body["tools"] = [{"type": "function", "function": {"name": name, "parameters": schema}}]
            body["tool_choice"] = {"type": "function", "function": {"name": name}}
        case LlmMode.JSON:
            body["response_format"] = {"type": "json_object"}
        case LlmMode.PLAIN:
            pass
    return body


def estimate(messages: Sequence[Message], said: int = 0) -> TokenUsage:
    """Tokens that a call takes at most, as far as its bytes tell."""
    told = sum(len(message["content"].encode()) for message in messages)
    return TokenUsage(told // _BYTES_PER_TOKEN + 1, said // _BYTES_PER_TOKEN + 1)


def inner_json(content: str) -> str:
    """The JSON object in a text: models like to put a fence or a sentence around it."""
    start = content.find("{")
    try:
        found, _ = json.JSONDecoder().raw_decode(content, max(start, 0))
    except (ValueError, RecursionError):
        return ""
    return json.dumps(found)


def _used(usage: object, messages: Sequence[Message], said: str) -> TokenUsage:
    """What the server says it took, where that can be true; else what it must have been."""
    try:
        claimed = _Usage.model_validate(usage)
    except ValidationError:
        return estimate(messages, len(said.encode()))
    return TokenUsage(claimed.prompt_tokens, claimed.completion_tokens)
