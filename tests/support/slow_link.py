"""A relay before a server on the loopback that holds back what the server says, by as much as a test likes."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class SlowLink:
    """Served by a thread of its own. `delay` is in seconds, and may be changed at any moment."""

    def __init__(self, target: int) -> None:
        """`target` is the port of the server."""
        self.delay = 0.0
        self.port = 0
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="slow link", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _listen(self) -> int:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port: int = server.sockets[0].getsockname()[1]
        return port

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError), contextlib.closing(writer):
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
            with contextlib.closing(back):
                pumps = [
                    asyncio.create_task(self._pump(reader, back, slow=False)),
                    asyncio.create_task(self._pump(there, writer, slow=True)),
                ]
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
                for pump in pumps:
                    pump.cancel()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, slow: bool) -> None:
        with contextlib.suppress(OSError):
            while piece := await reader.read(65536):
                await asyncio.sleep(self.delay if slow else 0)
                writer.write(piece)
                await writer.drain()

    async def _close(self) -> None:
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def slow_link(url: str) -> Iterator[tuple[SlowLink, str]]:
    """A link to the server at that address, and the address behind which it is now reached."""
    port = int(url.rpartition(":")[2].partition("/")[0])
    link = SlowLink(port)
    link.start()
    try:
        yield link, url.replace(f":{port}/", f":{link.port}/")
    finally:
        link.stop()
