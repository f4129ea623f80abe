"""Rest: no client writes and nothing is harmed, so every reader and listener must soon see the state as it is."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import urllib3

from tests.chaos.callers import ChaosCaller, Operation
from tests.chaos.history import ChaosHistory
from tests.chaos.workload import PERIODS, period_read

T = TypeVar("T")

VISIBILITY_TIMEOUT = 5.0
"""Seconds, counted from the first answer. Live streams say by themselves where they stand every 15 seconds, and ready
answers end after 5 minutes: what is only healed by those does not count as healed."""
RECOVERY_TIMEOUT = 30.0
"""Seconds in which everything has to be back."""


class LiveListener:
    """An open browser: follows a ledger's live stream, and opens the next one when it breaks."""

    def __init__(self, caller: ChaosCaller, base: str, history: ChaosHistory, done: threading.Event) -> None:
        self.told = 0
        """The newest revision that the stream said since it was opened."""
        self.since = 0.0
        """When the stream said its first word; 0 while there is none."""
        self.caller = caller
        self._url = f"{base}/api/v1/live?ledger={caller.account.ledger}"
        self._history = history
        self._done = done
        self._http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(connect=1, read=20))
        self.thread = threading.Thread(target=self._listen_on, name=f"live {caller.name}", daemon=True)

    def _listen_on(self) -> None:
        while not self._done.is_set():
            with contextlib.suppress(urllib3.exceptions.HTTPError, ValueError):
                self._listen()
            self.since = 0.0
            self._done.wait(0.3)

    def _listen(self) -> None:
        headers = {"Authorization": f"Bearer {self.caller.account.token()}"}
        stream = self._http.request("GET", self._url, headers=headers, preload_content=False)
        self.told = 0
        if stream.status == 401:
            self.caller.account.expire()
        with stream:
            while stream.status == 200 and not self._done.is_set():
                line = stream.readline()
                if not line:
                    return
                if line.startswith(b"data:") and b'"revision"' in line:
                    self.told = max(self.told, json.loads(line[5:])["revision"])
                    self.since = self.since or time.monotonic()
                    self._history.record("live", ledger=self.caller.account.ledger, revision=self.told)


def look(listeners: Sequence[LiveListener], history: ChaosHistory) -> None:
    """Every ledger, side by side."""
    threads = [threading.Thread(target=_look_at, args=(listener, history)) for listener in listeners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _look_at(listener: LiveListener, history: ChaosHistory) -> None:
    caller = listener.caller
    began = time.monotonic()
    head = _wait(lambda: _head(caller), RECOVERY_TIMEOUT)
    if head is None:
        history.record("rest", ledger=caller.account.ledger, head=None)
        return
    answered = 0.0
    seen = -1

    def shown() -> bool | None:
        nonlocal answered, seen
        results = [caller.call(period_read("summary", 0, *period)) for period in PERIODS]
        if all(result.kind == "ok" for result in results):
            answered, seen = answered or time.monotonic(), min(result.revision for result in results)
        late = answered and time.monotonic() - answered > VISIBILITY_TIMEOUT
        return True if seen >= head else False if late else None

    fresh = _wait(shown, RECOVERY_TIMEOUT)
    read = time.monotonic() - began

    def told() -> bool | None:
        late = listener.since and time.monotonic() - max(began, listener.since) > VISIBILITY_TIMEOUT
        return True if listener.since and listener.told >= head else False if late else None

    heard = _wait(told, RECOVERY_TIMEOUT)
    live = time.monotonic() - began
    what = {"head": head, "fresh": bool(fresh), "seen": seen, "told": listener.told, "heard": bool(heard)}
    history.record("rest", ledger=caller.account.ledger, **what, read=round(read, 3), live=round(live, 3))


def _head(caller: ChaosCaller) -> int | None:
    result = caller.call(Operation("head", "GET", "/api/v1/journal?after=0&limit=1"))
    return result.body["head"] if result.kind == "ok" else None


def _wait(answer: Callable[[], T | None], patience: float) -> T | None:
    """The first answer that is not None; None where there was none in time."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if (found := answer()) is not None:
            return found
        time.sleep(0.05)
    return None
