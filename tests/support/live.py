"""A live stream as a service sends it, which a test can watch from behind."""

import threading
from collections.abc import Callable

from starlette.types import Receive, Send

from tests.support.stub_service import ReceivedRequest


class WatchedEventStream:
    """Speaks once, and notices when the client disconnects."""

    def __init__(self) -> None:
        self.began = threading.Event()
        self.disconnected = threading.Event()
        self.silent = False
        self.after_start: Callable[[], object] = lambda: None
        """What happens once it has begun."""

    async def __call__(self, _: ReceivedRequest, receive: Receive, send: Send) -> None:
        if not self.silent:
            headers = [(b"content-type", b"text/event-stream")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
        self.began.set()
        self.after_start()
        while (await receive())["type"] != "http.disconnect":
            pass
        self.disconnected.set()
