"""Where a model is: its address, its name, how it takes the shape of an answer. Says nothing of its own accord."""

from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

OPENAI = "https://api.openai.com/v1"


class Mode(StrEnum):
    """How a server is made to answer in a shape. It is checked all the same."""

    AUTO = "auto"
    """The first of the others that the server does not refuse."""
    SCHEMA = "schema"
    """`response_format` with a JSON schema."""
    TOOL = "tool"
    """A function to call, whose parameters have the shape."""
    JSON = "json"
    """`response_format` with `json_object`: JSON, of a shape that is only asked for in words."""
    PLAIN = "plain"
    """Nothing but words."""


LADDER = (Mode.SCHEMA, Mode.TOOL, Mode.JSON, Mode.PLAIN)
"""From the strictest to what every server can do."""


class Endpoint(NamedTuple):
    """One model at one address."""

    base_url: str
    """Any server with OpenAI's API; OpenAI's own where empty."""
    api_key: str
    model: str
    mode: Mode = Mode.AUTO

    @property
    def url(self) -> str:
        """The base address without a slash at its end."""
        return (self.base_url or OPENAI).rstrip("/")

    @property
    def place(self) -> str:
        """Host and port, by which people know where their words go."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def key(self) -> str:
        """What is sent as the key: clients insist on one, local servers do not look at it."""
        return self.api_key or "none"


class Preset(NamedTuple):
    """A well-known server, as it is set up in the environment."""

    name: str
    base_url: str
    needs_key: bool
    example: str
    """A model that is known to word facts well enough there."""


PRESETS = (
    Preset("OpenAI", OPENAI, needs_key=True, example="gpt-5-mini"),
    Preset("Ollama", "http://localhost:11434/v1", needs_key=False, example="qwen3:8b"),
    Preset("LM Studio", "http://localhost:1234/v1", needs_key=False, example="qwen/qwen3-8b"),
    Preset("vLLM", "http://localhost:8000/v1", needs_key=False, example="Qwen/Qwen3-8B"),
    Preset("OpenRouter", "https://openrouter.ai/api/v1", needs_key=True, example="openai/gpt-5-mini"),
    Preset("Any other", "", needs_key=False, example=""),
)
