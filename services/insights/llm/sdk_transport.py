"""The worker's transport to a model: OpenAI's own client, loaded on first use."""

import time
from typing import TYPE_CHECKING

from services.insights.llm.client import CONNECT_TIMEOUT, MAX_RESPONSE_BYTES, TIMEOUT, Body, LlmError
from services.insights.llm_server import LlmServer

if TYPE_CHECKING:
    from openai import OpenAI


class SdkTransport:
    """Sends bodies through `openai`. Never retries; the caller decides about a second attempt."""

    def __init__(self, endpoint: LlmServer, *, timeout: float = TIMEOUT) -> None:
        self._endpoint = endpoint
        self._timeout = timeout
        self._client: OpenAI | None = None

    def __call__(self, body: Body, deadline: float) -> bytes:
        """Sends a body. Raises LlmError."""
        import httpx2  # noqa: PLC0415 - as below
        import openai  # noqa: PLC0415 - 31 MB and a second, which only a worker with a model should pay

        try:
            return self._read(body, deadline)
        except openai.APITimeoutError as error:
            raise LlmError("timeout", "no answer in time") from error
        except openai.APIConnectionError as error:
            raise LlmError("unreachable", type(error.__cause__ or error).__name__) from error
        except openai.APIStatusError as error:
            raise LlmError("refused", f"status {error.status_code}", error.status_code) from error
        except openai.OpenAIError as error:
            raise LlmError("malformed", type(error).__name__) from error
        except httpx2.TimeoutException as error:
            raise LlmError("timeout", "no whole answer in time") from error
        except httpx2.HTTPError as error:  # while the body is read, the client lets these through as they are
            raise LlmError("unreachable", type(error).__name__) from error

    def _read(self, body: Body, deadline: float) -> bytes:
        # Read as a stream: the client's time-out is per read, so a server that drips would hold us for ever.
        read = bytearray()
        with self._opened().chat.completions.with_streaming_response.create(**body) as answer:
            for chunk in answer.iter_bytes():
                read += chunk
                if len(read) > MAX_RESPONSE_BYTES:
                    raise LlmError("too_large", f"more than {MAX_RESPONSE_BYTES} bytes")
                if time.monotonic() > deadline:
                    raise LlmError("timeout", "no whole answer in time")
        return bytes(read)

    def _opened(self) -> "OpenAI":
        if self._client is None:
            import openai  # noqa: PLC0415 - as above

            timeout = openai.Timeout(self._timeout, connect=CONNECT_TIMEOUT)
            self._client = openai.OpenAI(
                base_url=self._endpoint.url,
                api_key="none",  # a header takes its place, which need not hold a key
                default_headers={"Authorization": self._endpoint.authorization},
                timeout=timeout,
                max_retries=0,
            )
        return self._client
