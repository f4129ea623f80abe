"""Structured logs: one JSON object a line, with the request id that also travels in entries and tasks."""

import json
import logging
import logging.config
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""Id of the current request, or of the request that caused the current message."""

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_FOR_TERMINALS = frozenset({"color_message"})
"""Repeats uvicorn's event, with colours."""


class JsonFormatter(logging.Formatter):
    """Formats a record and its `extra` as one JSON object; untrusted text stays inside its string."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """Returns the line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._process,
            "event": record.getMessage(),
        }
        if (current := request_id.get()) is not None:
            line["request_id"] = current
        line |= {key: value for key, value in vars(record).items() if key not in _STANDARD | _FOR_TERMINALS}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


class _Handler(logging.StreamHandler[TextIO]):
    """Writes to standard output. A line that cannot be written, for example on a full disk, is lost."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Ignores OSError, for which Python prints a traceback."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


def configure(process: str, level: str = "INFO") -> None:
    """Sends every log of this process to standard output as JSON. Our request log replaces uvicorn's access log."""
    handler = _Handler(sys.stdout)
    handler.setFormatter(JsonFormatter(process))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "celery"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    # At DEBUG, these clients log whole URLs and headers.
    for name in ("uvicorn.access", "alembic", "urllib3", "httpx", "httpx2", "httpcore", "openai", "redis"):
        logging.getLogger(name).setLevel(logging.WARNING)
