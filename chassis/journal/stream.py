"""Reads streams as one member of a consumer group, without acknowledgement: revisions reveal lost messages."""

import logging
import socket
from collections.abc import Sequence
from typing import Any

import redis

log = logging.getLogger(__name__)

StreamFields = dict[bytes, bytes]

BLOCK_MS = 1_000
"""Milliseconds that one read waits for a message; below the client's socket timeout."""
AT_ONCE = 500


class StreamReader:
    """A member of a group over one or more streams."""

    def __init__(self, client: redis.Redis, streams: Sequence[str], group: str) -> None:
        self._redis = client
        self._streams = tuple(streams)
        self._group = group
        # Without pending lists members need no distinct names: the processes of one machine share one.
        self._member = socket.gethostname()

    def read(self) -> list[StreamFields] | None:
        """Returns the next messages, [] after a quiet second; None if stream or group was missing: some may be lost."""
        try:
            streams: Any = self._redis.xreadgroup(
                self._group,
                self._member,
                dict.fromkeys(self._streams, ">"),
                count=AT_ONCE,
                block=BLOCK_MS,
                noack=True,
            )
        except redis.ResponseError as error:
            if "WRONGTYPE" in str(error):
                self._clear()
            elif "NOGROUP" not in str(error):
                raise
            self._create()
            return None
        return [fields for _, messages in streams or () for _, fields in messages if fields]

    def _clear(self) -> None:
        """Deletes keys of another type that have a stream's name."""
        for stream in self._streams:
            if self._redis.type(stream) not in {b"stream", b"none"}:
                log.warning("a key of another type had the name of a stream; it was deleted", extra={"stream": stream})
                self._redis.delete(stream)

    def _create(self) -> None:
        for stream in self._streams:
            try:
                self._redis.xgroup_create(stream, self._group, id="0", mkstream=True)
            except redis.ResponseError as error:
                if "BUSYGROUP" not in str(error):
                    raise
        log.info("stream group created", extra={"streams": list(self._streams)})
