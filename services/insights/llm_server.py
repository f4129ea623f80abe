"""The endpoint of a model: its address, its name, and how it is asked for structured output. Pure."""

from base64 import b64encode
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

OPENAI = "https://api.openai.com/v1"


class LlmMode(StrEnum):
    """How a server is asked for structured output. The response is validated in any case."""

    AUTO = "auto"
    """The first other mode that the server does not refuse."""
    SCHEMA = "schema"
    """`response_format` with a JSON schema."""
    TOOL = "tool"
    """A function to call, whose parameters have the required shape."""
    JSON = "json"
    """`response_format` with `json_object`: JSON, whose shape is only described in words."""
    PLAIN = "plain"
    """Only words."""


LADDER = (LlmMode.SCHEMA, LlmMode.TOOL, LlmMode.JSON, LlmMode.PLAIN)
"""From the strictest to the most widely supported."""


@dataclass(frozen=True, repr=False)
class LlmServer:
    """One model at one address."""

    base_url: str
    """Any server with OpenAI's API; OpenAI's own if empty."""
    api_key: str
    model: str
    mode: LlmMode = LlmMode.AUTO

    def __repr__(self) -> str:
        """Returns a text without the key and other secrets."""
        return f"Endpoint({self.model} at {self.place})"

    @property
    def url(self) -> str:
        """The base address without credentials and trailing slash. Its path may be secret."""
        parts = urlsplit(self.base_url or OPENAI)
        return urlunsplit((parts.scheme, self.place, parts.path.rstrip("/"), "", ""))

    @property
    def place(self) -> str:
        """Host and port, by which users recognise where their data goes."""
        return urlsplit(self.base_url or OPENAI).netloc.rpartition("@")[2]

    @property
    def authorization(self) -> str:
        """The header: user and password of the address where it has them, else the key.

        Clients insist on one, and local servers do not look at it.
        """
        parts = urlsplit(self.base_url)
        if parts.username is None:
            return f"Bearer {self.api_key or 'none'}"
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        return f"Basic {b64encode(pair.encode()).decode()}"


class LlmPreset(NamedTuple):
    """A well-known server, and its settings."""

    name: str
    base_url: str
    needs_key: bool
    example: str
    """A model that words facts well enough on this server."""


PRESETS = (
    LlmPreset("OpenAI", OPENAI, needs_key=True, example="gpt-5-mini"),
    LlmPreset("Ollama", "http://localhost:11434/v1", needs_key=False, example="qwen3:8b"),
    LlmPreset("LM Studio", "http://localhost:1234/v1", needs_key=False, example="qwen/qwen3-8b"),
    LlmPreset("vLLM", "http://localhost:8000/v1", needs_key=False, example="Qwen/Qwen3-8B"),
    LlmPreset("OpenRouter", "https://openrouter.ai/api/v1", needs_key=True, example="openai/gpt-5-mini"),
    LlmPreset("Any other", "", needs_key=False, example=""),
)
