"""Connections that can become black holes: small relays between the services and Redis, and before the book's feed.

While a link is cut, connections are still accepted and never closed; nothing comes through. That is what a broken
network looks like, and it is worse than a refused connection.
"""

import asyncio
import contextlib
import json
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Self

from deploy.local.ports import free_ports

REDIS_LINKS = ("expenses", "insights", "gateway", "consumer")
"""Each of these programs reaches Redis over a link of its own."""
FEED = "feed"
"""The link from the readers to the book."""
TARGETS = "links.json"
"""The file in which the stack says where the links lead: `{"redis": port, "feed": port}`."""


ConnectionHandler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class NetworkLinks:
    """All links, served by one thread."""

    def __init__(self, home: Path) -> None:
        self._targets = home / TARGETS
        self.ports = dict(zip((*REDIS_LINKS, FEED), free_ports(len(REDIS_LINKS) + 1), strict=True))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="links", daemon=True)
        self._whole: dict[str, asyncio.Event] = {}
        self._delays: dict[str, float] = dict.fromkeys(self.ports, 0.0)

    def cut(self, name: str) -> None:
        self._loop.call_soon_threadsafe(self._whole[name].clear)

    def mend(self, name: str) -> None:
        self._loop.call_soon_threadsafe(self._whole[name].set)

    def slow(self, name: str, seconds: float) -> None:
        """Each piece of an answer is held back for so long; 0 mends it."""
        self._delays[name] = seconds

    async def _open(self) -> None:
        for name, port in self.ports.items():
            self._whole[name] = asyncio.Event()
            self._whole[name].set()
            await asyncio.start_server(self._handler(name), "127.0.0.1", port)

    def _handler(self, name: str) -> ConnectionHandler:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            whole = self._whole[name]
            with contextlib.suppress(OSError, asyncio.CancelledError), contextlib.closing(writer):
                await whole.wait()
                there, back = await asyncio.open_connection("127.0.0.1", self._target(name))
                with contextlib.closing(back):
                    delays = (lambda: 0.0), (lambda: self._delays[name])
                    ends = (reader, back), (there, writer)
                    pumps = [
                        asyncio.create_task(_pump(*pair, whole, delay))
                        for pair, delay in zip(ends, delays, strict=True)
                    ]
                    await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
                    for pump in pumps:
                        pump.cancel()

        return serve

    def _target(self, name: str) -> int:
        targets: dict[str, int] = json.loads(self._targets.read_text("utf-8"))
        return targets[FEED if name == FEED else "redis"]

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _close(self) -> None:
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, whole: asyncio.Event, delay: Callable[[], float]
) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(65536):
            await whole.wait()
            if seconds := delay():
                await asyncio.sleep(seconds)
            writer.write(piece)
            await writer.drain()
