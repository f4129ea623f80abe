"""Asks a language model over HTTP: any server with OpenAI's `chat.completions`. It is never trusted with the answer."""

import json
import logging
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

if TYPE_CHECKING:
    from openai import OpenAI

log = logging.getLogger(__name__)

TIMEOUT = 20.0
"""Seconds for one call. Without words for so long, the templates do."""
CONNECT_TIMEOUT = 3.0
LARGEST_ANSWER = 64 * 1024
"""Bytes that are read of an answer: a dozen sentences and their envelope need far fewer."""
OPENAI = "https://api.openai.com/v1"

Message = Mapping[str, str]
M = TypeVar("M", bound=BaseModel)


class ModelError(Exception):
    """The model gave nothing usable. `reason` is a label: timeout, unreachable, refused, too_large, malformed."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


class _Reply(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Reply


class _Answer(BaseModel):
    choices: list[_Choice]


class Model:
    """One model at one address."""

    def __init__(self, base_url: str, api_key: str, name: str, *, timeout: float = TIMEOUT) -> None:
        self._base_url = base_url or OPENAI
        self._api_key = api_key or "none"  # the client insists on one; local servers do not look at it
        self.name = name
        self._timeout = timeout
        self._client: OpenAI | None = None
        self._knows_schemas = True

    def ask(self, messages: Sequence[Message], shape: type[M]) -> M:
        """The answer, read as `shape` whatever the server claims to have checked. Raises ModelError."""
        answer = self._complete(messages, shape, time.monotonic() + self._timeout)
        try:
            content = _Answer.model_validate_json(answer).choices[0].message.content
            return shape.model_validate_json(_inner_json(content or ""))
        except (ValidationError, IndexError) as error:
            raise ModelError("malformed", "not the JSON that was asked for") from error

    def _complete(self, messages: Sequence[Message], shape: type[BaseModel], deadline: float) -> bytes:
        """The body of the answer; asks without a schema where the server does not know what that is."""
        import openai  # noqa: PLC0415 - 31 MB and a second, which only a worker with a model should pay

        try:
            try:
                return self._call(messages, _schema(shape) if self._knows_schemas else {}, deadline)
            except (openai.BadRequestError, openai.UnprocessableEntityError):
                if not self._knows_schemas:
                    raise
                answer = self._call(messages, {}, deadline)
                self._knows_schemas = False
                log.info("the model's server takes no schema", extra={"model": self.name})
                return answer
        except openai.APITimeoutError as error:
            raise ModelError("timeout", f"no answer within {self._timeout:g} s") from error
        except openai.APIConnectionError as error:
            raise ModelError("unreachable", type(error.__cause__ or error).__name__) from error
        except openai.APIStatusError as error:
            raise ModelError("refused", f"status {error.status_code}") from error
        except openai.OpenAIError as error:
            raise ModelError("malformed", type(error).__name__) from error

    def _call(self, messages: Sequence[Message], options: Mapping[str, Any], deadline: float) -> bytes:
        # Read as a stream: the client's time-out is per read, so a server that drips would hold us for ever.
        body = bytearray()
        call: dict[str, Any] = {"model": self.name, "messages": list(messages), **options}
        with self._opened().chat.completions.with_streaming_response.create(**call) as answer:
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise ModelError("too_large", f"more than {LARGEST_ANSWER} bytes")
                if time.monotonic() > deadline:
                    raise ModelError("timeout", f"no whole answer within {self._timeout:g} s")
        return bytes(body)

    def _opened(self) -> "OpenAI":
        if self._client is None:
            import openai  # noqa: PLC0415 - as above

            timeout = openai.Timeout(self._timeout, connect=CONNECT_TIMEOUT)
            self._client = openai.OpenAI(base_url=self._base_url, api_key=self._api_key, timeout=timeout, max_retries=0)
        return self._client


def _schema(shape: type[BaseModel]) -> dict[str, Any]:
    schema = {"name": shape.__name__.lower(), "strict": True, "schema": shape.model_json_schema()}
    return {"response_format": {"type": "json_schema", "json_schema": schema}}


def _inner_json(content: str) -> str:
    """The JSON object in a text: models like to put a fence or a sentence around it."""
    start = content.find("{")
    try:
        found, _ = json.JSONDecoder().raw_decode(content, max(start, 0))
    except (ValueError, RecursionError):
        return ""
    return json.dumps(found)
