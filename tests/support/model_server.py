"""A language model's server in every mood: real HTTP, in the shape of OpenAI's `chat.completions`."""

import json
import threading
from collections.abc import Callable
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.support import model_texts
from tests.support.model_texts import Told


class FakeModelMode(StrEnum):
    RIGHT = "right"
    DIGITS = "digits"
    NUMBER_WORDS = "number_words"
    CONTRADICTING = "contradicting"
    UNKNOWN_SLOTS = "unknown_slots"
    UNKNOWN_FACTS = "unknown_facts"
    LINKS = "links"
    HTML = "html"
    GERMAN = "german"
    SORRY = "sorry"  # wrong first, right after the objection
    REFUSING = "refusing"
    TRUNCATED = "truncated"
    FENCED = "fenced"
    OTHER_SHAPE = "other_shape"
    WITHOUT_SCHEMAS = "without_schemas"
    NOT_FOUND = "not_found"
    TOO_MANY = "too_many"
    BROKEN = "broken"
    HTML_PAGE = "html_page"
    HANGING = "hanging"
    DRIPPING = "dripping"
    HUGE = "huge"
    UNAUTHORISED = "unauthorised"
    BREAKING_OFF = "breaking_off"  # closes in the middle of its answer


STATUS = {
    FakeModelMode.UNAUTHORISED: 401,
    FakeModelMode.NOT_FOUND: 404,
    FakeModelMode.TOO_MANY: 429,
    FakeModelMode.BROKEN: 500,
}

TEXTS: dict[FakeModelMode, Callable[[Told], str]] = {
    FakeModelMode.DIGITS: model_texts.digits,
    FakeModelMode.NUMBER_WORDS: model_texts.number_words,
    FakeModelMode.CONTRADICTING: model_texts.contradicting,
    FakeModelMode.UNKNOWN_SLOTS: model_texts.unknown_slots,
    FakeModelMode.LINKS: model_texts.links,
    FakeModelMode.HTML: model_texts.html,
    FakeModelMode.GERMAN: model_texts.german,
}


class ModelServer:
    """`mood` may change at any time; `requests` are the bodies that came."""

    def __init__(self, mood: FakeModelMode = FakeModelMode.RIGHT) -> None:
        self.mode = mood
        self.requests: list[dict[str, Any]] = []
        self.authorizations: list[str] = []
        self.choices: list[dict[str, Any]] = []
        """What it chooses when it is asked to choose queries, not to word facts."""
        self.models: list[str] = ["small"]
        self.context = 0
        """Characters that it remembers; 0 is all."""
        self.modes = {"schema", "tool", "json", "plain"}
        """Ways of asking that it knows; to others it says 400."""
        self.released = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def content(self, request: dict[str, Any]) -> str | None:
        """What the model says."""
        told = request["messages"][1]["content"]
        if "how many legs" in told.lower():
            return self._bent(json.dumps({"animal": self._animal(request), "legs": 8}))
        if not told.startswith("{"):
            return self._bent(json.dumps({"queries": self.choices}))
        facts = json.loads(told)["facts"]
        write = TEXTS.get(self.mode, model_texts.right)
        if self.mode is FakeModelMode.SORRY and len(request["messages"]) == 2:
            write = model_texts.digits
        known = self.mode is not FakeModelMode.UNKNOWN_FACTS
        worded = [{"fact": fact["fact"] if known else f"f9{fact['fact']}", "text": write(fact)} for fact in facts]
        answer = json.dumps({"insights": worded})
        return self._bent(answer)

    def _animal(self, request: dict[str, Any]) -> str:
        """What it remembers of the beginning of a prompt."""
        said = "".join(message["content"] for message in request["messages"])
        kept = said[-self.context :] if self.context else said
        return "heron" if "heron" in kept else "spider"

    def _bent(self, answer: str) -> str | None:
        match self.mode:
            case FakeModelMode.REFUSING:
                return None
            case FakeModelMode.TRUNCATED:
                return answer[: len(answer) // 2]
            case FakeModelMode.FENCED:
                return f"Here you are:\n```json\n{answer}\n```\nAnything else?"
            case FakeModelMode.OTHER_SHAPE:
                return json.dumps({"other": answer})
            case FakeModelMode.HUGE:
                return answer + "!" * 10_000_000
        return answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, model: ModelServer) -> None:
        super().__init__(("127.0.0.1", 0), _ModelHandler)
        self.model = model

    def handle_error(self, *_: object) -> None:
        """A client that hung up is no news: several moods are about that."""


class _ModelHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        model = self.server.model
        if model.mode is FakeModelMode.HANGING:
            model.released.wait()
        status = STATUS.get(model.mode, 200)
        names = json.dumps({"data": [{"id": name} for name in model.models]}).encode()
        self._answer(status, b"<html>12</html>" if model.mode is FakeModelMode.HTML_PAGE else names)

    def do_POST(self) -> None:
        model = self.server.model
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        model.authorizations.append(self.headers["Authorization"])
        model.requests.append(request | {"path": self.path})
        if model.mode is FakeModelMode.HANGING:
            model.released.wait()
        status = STATUS.get(model.mode, 200)
        if model.mode is FakeModelMode.WITHOUT_SCHEMAS and "response_format" in request:
            status = 400
        if status == 200 and _mode_of(request) not in model.modes:
            status = 422
        self._answer(status, _body(model, status, request))

    def _answer(self, status: int, body: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.server.model.mode is FakeModelMode.DRIPPING:
                self._drip(body)
            elif self.server.model.mode is FakeModelMode.BREAKING_OFF and self.command == "POST":
                self.wfile.write(body[: len(body) // 2])
                self.close_connection = True
            else:
                self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def _drip(self, body: bytes) -> None:
        for byte in body:
            self.wfile.write(bytes([byte]))
            if self.server.model.released.wait(0.05):
                return

    def log_message(self, *_: object) -> None:
        pass


def _mode_of(request: dict[str, Any]) -> str:
    if "tools" in request:
        return "tool"
    return {"json_schema": "schema", "json_object": "json"}.get(request.get("response_format", {}).get("type"), "plain")


def _body(model: ModelServer, status: int, request: dict[str, Any]) -> bytes:
    if status != 200:
        return b'{"error": {"message": "no"}}'
    if model.mode is FakeModelMode.HTML_PAGE:
        return b"<html>Please sign in, 12 offers wait for you</html>"
    content = model.content(request)
    if request.get("stream"):
        return b"data: " + json.dumps({"choices": [{"delta": {"content": content}}]}).encode() + b"\n\ndata: [DONE]\n\n"
    message: dict[str, Any] = {"role": "assistant", "content": content}
    if "tools" in request:
        called = {"name": request["tools"][0]["function"]["name"], "arguments": content or ""}
        message = {"role": "assistant", "content": None, "tool_calls": [{"type": "function", "function": called}]}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    return json.dumps({"id": "x", "choices": [{"index": 0, "message": message}], "usage": usage}).encode()
