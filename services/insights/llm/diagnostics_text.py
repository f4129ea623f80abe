"""Explanations of failed checks, in plain words."""

from services.insights.llm.client import LlmError
from services.insights.llm_server import LlmServer


def unreached(endpoint: LlmServer, error: LlmError) -> str:
    """Explains why the server could not be reached."""
    match error.reason, error.status:
        case "unreachable", _:
            return (
                f"Nothing answers at {endpoint.place}. Is the server running, and can this machine reach it? "
                "In a container, localhost is the container itself."
            )
        case "timeout", _:
            return f"{endpoint.place} takes a connection, but does not answer."
        case _, 401 | 403:
            return f"{endpoint.place} does not take the key in OPENAI_API_KEY."
        case _, 429:
            return f"{endpoint.place} says that too much was asked of it, or that its budget is used up."
        case _:
            return f"{endpoint.place} answers with status {error.status}."


def refused(error: LlmError) -> str:
    """Explains why a mode does not work."""
    if error.status is None:
        return _REASONS.get(error.reason, "It gives nothing usable.")
    return _STATUSES.get(error.status, f"It answers with status {error.status}.")


_REASONS = {
    "timeout": "It does not answer in time: a smaller model may be quick enough.",
    "malformed": "It answers, but not in the shape that was asked for.",
    "too_large": "It does not stop talking.",
    "unreachable": "It broke the connection off.",
}
_UNKNOWN, _KEY = "It does not know this way of asking.", "It does not take the key in OPENAI_API_KEY."
_STATUSES = {
    **dict.fromkeys((400, 415, 422, 501), _UNKNOWN),
    **dict.fromkeys((401, 403), _KEY),
    404: "It does not know the model, or the address.",
    429: "It says that too much was asked of it, or that its budget is used up.",
}
