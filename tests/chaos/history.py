"""What happened, in the order in which it was noticed: JSON lines, kept in memory for the checker and in a file."""

import gzip
import json
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Event = dict[str, Any]
"""Every event has `kind` and `t`, the seconds since the run began; what else depends on the kind.

`invoke`: client, ledger, op, request, do, asked, minimum; `ok`, `fail`, `unknown`: the same request, what came back;
`fault`: what, target, seconds; `rest`: how long a ledger at rest took to be seen as it is; `live`: what a stream
said; `memory`: by program; `final`: a ledger's journal, summary and list in the end; `end`: the stack's own figures.
"""


class ChaosHistory:
    """Appends from many threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.events: list[Event] = []
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._file = gzip.open(path, "wt", compresslevel=1, encoding="utf-8")  # noqa: SIM115 - closed by close()

    def now(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._began

    def record(self, kind: str, **fields: Any) -> None:
        with self._lock:
            event = {"kind": kind, "t": round(self.now(), 4), **fields}
            self.events.append(event)
            self._file.write(json.dumps(event, ensure_ascii=False) + "\n")

    def close(self) -> None:
        with self._lock:
            self._file.close()


def read(path: Path) -> Sequence[Event]:
    """A history that was kept."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
