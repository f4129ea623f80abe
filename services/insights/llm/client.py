"""Client of a language model: any server with OpenAI's `chat.completions`. Its responses are never trusted."""

import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, Field, ValidationError

from services.insights.llm_server import LADDER, LlmMode, LlmServer

log = logging.getLogger(__name__)

TIMEOUT = 20.0
"""Timeout of one call, in seconds. After it, templates word the facts."""
CONNECT_TIMEOUT = 3.0
MAX_RESPONSE_BYTES = 64 * 1024
"""Limit of a response in bytes: a dozen sentences and their envelope need far less."""
_REFUSES_SCHEMA = frozenset({400, 415, 422, 501})
"""Status codes of servers that do not support a way to request structured output."""
_BYTES_PER_TOKEN = 3
"""Bytes per token of English and JSON: a little too few, so that an estimate is a little too high."""

Message = Mapping[str, str]
Body = dict[str, Any]
M = TypeVar("M", bound=BaseModel)


class LlmError(Exception):
    """The model returned nothing usable. `reason` is a label: timeout, unreachable, refused, too_large, malformed."""

    def __init__(self, reason: str, detail: str, status: int | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.status = status


class TokenUsage(NamedTuple):
    """The tokens that a call used."""

    sent: int
    received: int


class Completion(NamedTuple, Generic[M]):
    """A parsed response; `raw` is the model's text."""

    value: M
    raw: str
    tokens: TokenUsage


Transport = Callable[[Body, float], bytes]
"""Sends a body to `chat/completions`, and reads until a deadline (monotonic). Raises LlmError."""


class _FunctionCall(BaseModel):
    arguments: str = ""


class _ToolCall(BaseModel):
    function: _FunctionCall


class _ReplyMessage(BaseModel):
    content: str | None = None
    tool_calls: list[_ToolCall] | None = None

    @property
    def text(self) -> str:
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
    """One model at one endpoint."""

    def __init__(self, endpoint: LlmServer, transport: Transport, *, timeout: float = TIMEOUT) -> None:
        self.endpoint = endpoint
        self._transport = transport
        self._timeout = timeout
        self._modes: list[LlmMode] = list(LADDER) if endpoint.mode is LlmMode.AUTO else [endpoint.mode]

    def complete(self, messages: Sequence[Message], shape: type[M]) -> Completion[M]:
        """Returns the response, validated as `shape` regardless of the server's own validation. Raises LlmError."""
        response = self._complete(messages, shape, time.monotonic() + self._timeout)
        try:
            read = _ChatCompletion.model_validate_json(response)
            text = read.choices[0].message.text
            value = shape.model_validate_json(inner_json(text))
        except (ValidationError, IndexError) as error:
            raise LlmError("malformed", "not the JSON that was asked for") from error
        return Completion(value, text, _used(read.usage, messages, text))

    def _complete(self, messages: Sequence[Message], shape: type[BaseModel], deadline: float) -> bytes:
        """Returns the body of the response. Tries the next mode if the server does not support one."""
        for mode in tuple(self._modes):
            try:
                response = self._transport(body_of(self.endpoint.model, messages, shape, mode), deadline)
            except LlmError as error:
                if error.status not in _REFUSES_SCHEMA or mode is self._modes[-1]:
                    raise
                continue
            if mode is not self._modes[0]:
                log.info("the model's server is asked in another way", extra={"mode": mode})
                self._modes = self._modes[self._modes.index(mode) :]
            return response
        raise AssertionError("there is a mode")


def body_of(model: str, messages: Sequence[Message], shape: type[BaseModel], mode: LlmMode) -> Body:
    """Returns the request body: these messages, and the shape of the response."""
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


def estimate(messages: Sequence[Message], response_bytes: int = 0) -> TokenUsage:
    """Returns an upper bound of the tokens of a call, estimated from its bytes."""
    request_bytes = sum(len(message["content"].encode()) for message in messages)
    return TokenUsage(request_bytes // _BYTES_PER_TOKEN + 1, response_bytes // _BYTES_PER_TOKEN + 1)


def inner_json(content: str) -> str:
    """Returns the JSON object in a text. Models often put a fence or a sentence around it."""
    start = content.find("{")
    try:
        value, _ = json.JSONDecoder().raw_decode(content, max(start, 0))
    except (ValueError, RecursionError):
        return ""
    return json.dumps(value)


def _used(usage: object, messages: Sequence[Message], text: str) -> TokenUsage:
    """Returns the usage that the server reports if it is plausible, otherwise an estimate."""
    try:
        claimed = _Usage.model_validate(usage)
    except ValidationError:
        return estimate(messages, len(text.encode()))
    return TokenUsage(claimed.prompt_tokens, claimed.completion_tokens)
