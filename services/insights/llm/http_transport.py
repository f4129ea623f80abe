"""The API's transport to a model: a plain POST by urllib3, since `openai` would cost 31 MB of memory."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import urllib3

from services.insights.llm.client import CONNECT_TIMEOUT, MAX_RESPONSE_BYTES, Body, LlmError
from services.insights.llm_server import LlmServer

_MOST_CONNECTIONS = 8
_OK = 200


class HttpTransport:
    """Sends bodies. Follows no redirects, stores no cookies, never retries."""

    def __init__(self, endpoint: LlmServer) -> None:
        self._endpoint = endpoint
        self._http = urllib3.PoolManager(maxsize=_MOST_CONNECTIONS, retries=False)

    def __call__(self, body: Body, deadline: float) -> bytes:
        """Returns the response of `chat/completions`. Raises LlmError."""
        read = bytearray()
        with self.opened("POST", "/chat/completions", deadline, body) as answer:
            for chunk in chunks(answer, deadline):
                read += chunk
        return bytes(read)

    @contextmanager
    def opened(
        self, method: str, path: str, deadline: float, body: Body | None = None
    ) -> Iterator[urllib3.BaseHTTPResponse]:
        """Yields a response with status 200, its body unread. Raises LlmError for any other status."""
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise LlmError("timeout", "no time left to ask")
        answer = None
        try:
            answer = self._http.request(
                method,
                self._endpoint.url + path,
                body=None if body is None else json.dumps(body).encode(),
                headers={"Authorization": self._endpoint.authorization, "Content-Type": "application/json"},
                timeout=urllib3.Timeout(connect=min(CONNECT_TIMEOUT, remaining), read=remaining),
                preload_content=False,
                redirect=False,
            )
            if answer.status != _OK:
                raise LlmError("refused", f"status {answer.status}", answer.status)
            yield answer
        except (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.NewConnectionError) as error:
            raise LlmError("unreachable", type(error).__name__) from error
        except urllib3.exceptions.TimeoutError as error:
            raise LlmError("timeout", "no answer in time") from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise LlmError("unreachable", type(error).__name__) from error
        finally:
            # Closed, not returned to the pool: an unread rest must not become the start of the next response.
            if answer is not None:
                answer.close()


def chunks(answer: urllib3.BaseHTTPResponse, deadline: float) -> Iterator[bytes]:
    """Yields the body, up to the size limit and a deadline. Raises LlmError."""
    seen = 0
    while chunk := answer.read1(MAX_RESPONSE_BYTES):
        seen += len(chunk)
        if seen > MAX_RESPONSE_BYTES:
            raise LlmError("too_large", f"more than {MAX_RESPONSE_BYTES} bytes")
        if time.monotonic() > deadline:
            raise LlmError("timeout", "no whole answer in time")
        yield chunk
