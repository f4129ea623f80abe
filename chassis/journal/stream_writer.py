"""Writes messages to streams, and limits each stream in messages and bytes."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import redis

from chassis.redis.client import is_full

log = logging.getLogger(__name__)

STREAM_LENGTH = 100_000
"""Approximate number of messages that a stream keeps; readers catch up from the journal if they miss more."""
MEASURE_EVERY = 16
"""A stream is measured each time that 1/16 of its limit was added; it can exceed the limit by that, per writer."""
TRIM_TO = 0.75
"""Fraction of the limit, or of the messages, that a trim leaves."""
_SPOILT = ("WRONGTYPE", "exhausted", "equal or smaller")
"""Parts of Redis' errors for a key that is not a stream, or a stream that takes no more messages."""

Fields = dict[Any, Any]


class StreamRecord(NamedTuple):
    """One message and its stream."""

    stream: str
    fields: Fields
    size: int
    """Approximate bytes of its fields."""


class StreamWriter:
    """Writes the streams of a service. Several writers only measure more often than needed."""

    def __init__(self, client: redis.Redis, most_bytes: int) -> None:
        """`most_bytes` is the memory that Redis may use for each stream."""
        self._redis = client
        self._most_bytes = most_bytes
        self._added: defaultdict[str, float] = defaultdict(lambda: float("inf"))
        """Bytes added since each stream was measured; unknown (infinite) for a stream that others may have filled."""

    def write(self, messages: Sequence[StreamRecord]) -> list[redis.ResponseError | None]:
        """Writes in order; returns each message's refusal or None. Raises RedisError if the outcome is unknown."""
        pipeline = self._redis.pipeline(transaction=False)
        for message in messages:
            pipeline.xadd(message.stream, message.fields, maxlen=STREAM_LENGTH, approximate=True)
        replies = pipeline.execute(raise_on_error=False)
        for message in messages:
            self._added[message.stream] += message.size
        refused = [reply if isinstance(reply, redis.ResponseError) else None for reply in replies]
        for stream in {message.stream for message in messages}:
            mine = [error for message, error in zip(messages, refused, strict=True) if message.stream == stream]
            try:
                self._maintain(stream, next(filter(None, mine), None))
            except redis.RedisError as error:  # what was written is written
                log.warning("a stream could not be measured", extra={"stream": stream, "error": repr(error)})
        return refused

    def _maintain(self, stream: str, error: redis.ResponseError | None) -> None:
        if error is not None and any(word in str(error) for word in _SPOILT):
            log.warning(
                "the key of a stream was invalid; it was deleted", extra={"stream": stream, "error": str(error)}
            )
            self._redis.delete(stream)
        elif is_full(error):
            self._shorten(stream, TRIM_TO)  # old messages are worth less than new ones
        elif self._added[stream] * MEASURE_EVERY >= self._most_bytes:
            self._bound(stream)

    def _bound(self, stream: str) -> None:
        while (used := self._size(stream)) > self._most_bytes and self._shorten(
            stream, TRIM_TO * self._most_bytes / used
        ):
            pass
        self._added[stream] = 0

    def _size(self, stream: str) -> int:
        return int(self._redis.memory_usage(stream, samples=0) or 0)  # type: ignore[arg-type]  # no promise: not asyncio

    def _shorten(self, stream: str, part: float) -> int:
        """Drops the oldest messages so that this fraction stays, but never the newest; returns the number dropped."""
        length = int(self._redis.xlen(stream))  # type: ignore[arg-type]  # as above
        return int(self._redis.xtrim(stream, maxlen=max(1, int(length * part)), approximate=False))  # type: ignore[arg-type]  # as above
