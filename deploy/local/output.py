"""The output of the stack in one format: the time, the program (in colour on a terminal), and the text."""

import errno
import json
import os
import sys
import threading
import time
from collections.abc import Iterable
from typing import TextIO

_COLOURS = (36, 33, 35, 32, 34, 96, 93, 95)
_HIDDEN = {"at", "level", "process", "event", "request_id", "exception", "logger"}
"""Fields of a log line that are redundant here, or shown elsewhere in the line."""

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Output:
    """Prints whole lines from many threads."""

    def __init__(self, names: Iterable[str], stream: TextIO = sys.stdout) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        names = list(names)
        self._width = max(map(len, names), default=0)
        self._colours = dict(zip(names, _COLOURS, strict=False)) if stream.isatty() else {}

    def say(self, name: str, line: str) -> None:
        """Prints a line of output under the program's name."""
        prefix = f"{time.strftime('%H:%M:%S')}  {name:<{self._width}}"
        if name in self._colours:
            prefix = f"\x1b[{self._colours[name]}m{prefix}\x1b[0m"
        self._print("\n".join(f"{prefix}  {part}" for part in readable(line).splitlines()))

    def announce(self, text: str) -> None:
        """Prints a message for the user: set apart, and without a prefix."""
        self._print(f"\n{text}\n")

    def _print(self, text: str) -> None:
        with self._lock:
            try:
                print(text, file=self._stream, flush=True)
            except OSError as error:
                # On a full disk this line is lost, and the next one may find room.
                if error.errno not in _NO_ROOM:  # the terminal was closed, or `tee` ended first: discard the rest
                    with open(os.devnull, "w", encoding="utf-8") as null:  # noqa: PTH123 - not a path of ours
                        os.dup2(null.fileno(), self._stream.fileno())


def sentence(line: str) -> str:
    """Returns only the event of a structured log line, and any other line unchanged."""
    try:
        fields = json.loads(line)
    except ValueError:
        return line
    return str(fields["event"]) if isinstance(fields, dict) and "event" in fields else line


def readable(line: str) -> str:
    """Returns a structured log line in readable form, and any other line unchanged."""
    try:
        fields = json.loads(line)
    except ValueError:
        return line
    if not isinstance(fields, dict) or "event" not in fields:
        return line
    level = str(fields.get("level", "info"))
    words = [] if level == "info" else [level]
    words.append(str(fields["event"]))
    words += [f"{key}={value}" for key, value in fields.items() if key not in _HIDDEN]
    return "\n".join([" ".join(words), *([str(fields["exception"])] if "exception" in fields else [])])
