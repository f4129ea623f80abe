"""A browser's end of a live stream: server-sent events over a plain connection."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple, Self

import urllib3

from tests.support.client import Client


class Event(NamedTuple):
    name: str
    data: Any


class EventStream:
    """Reads events as they come; `next` waits for one. Comments are skipped."""

    def __init__(self, client: Client, path: str = "/api/v1/live", *, patience: float = 20, body: Any = None) -> None:
        """A GET, or with a body a POST."""
        self._http = urllib3.PoolManager(retries=False, timeout=patience)
        headers = {"Authorization": f"Bearer {client.token}", "Accept": "text/event-stream"}
        method = "GET" if body is None else "POST"
        self.answer = self._http.request(method, client.base + path, headers=headers, json=body, preload_content=False)
        self._lines = self._read_lines()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leaves, as a closed tab does."""
        self.answer.close()
        self._http.clear()

    def __next__(self) -> Event:
        fields: dict[str, str] = {}
        for line in self._lines:
            if not line and "data" in fields:
                return Event(fields.get("event", "message"), json.loads(fields["data"]))
            name, _, value = line.partition(": ")
            fields[name] = value
        raise StopIteration

    def __iter__(self) -> Iterator[Event]:
        return self

    def until(self, event: Event) -> None:
        """Reads on until it comes."""
        assert event in self, f"the stream ended without {event}"

    def _read_lines(self) -> Iterator[str]:
        rest = b""
        while chunk := self.answer.read1():
            *lines, rest = (rest + chunk).split(b"\n")
            yield from (line.decode() for line in lines)
