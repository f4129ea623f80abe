"""Writes messages to streams that stay within a number of messages and of bytes."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import redis

from chassis.redis.client import is_full

log = logging.getLogger(__name__)

STREAM_LENGTH = 100_000
"""Roughly how many messages a stream keeps; readers heal from the journal when more are gone."""
MEASURE_EVERY = 16
"""A stream is measured again when this part of its limit was added: it outgrows it by that much, for each writer."""
TRIM_TO = 0.75
"""Part of the limit, or of the messages, that stays when there are too many."""
_SPOILT = ("WRONGTYPE", "exhausted", "equal or smaller")
"""By which Redis says that a key is no stream of ours, or one that takes no message any more."""

Fields = dict[Any, Any]


class Message(NamedTuple):
    """One message, and the stream that it goes to."""

    stream: str
    fields: Fields
    size: int
    """Bytes of its fields, roughly."""


class StreamWriter:
    """One writer of the streams of a service. Several only measure more often than they would have to."""

    def __init__(self, client: redis.Redis, most_bytes: int) -> None:
        """`most_bytes` is what Redis may use for each stream."""
        self._redis = client
        self._most_bytes = most_bytes
        self._added: defaultdict[str, float] = defaultdict(lambda: float("inf"))
        """Bytes since each stream was measured: those of a stream that others have filled are not known."""

    def write(self, messages: Sequence[Message]) -> list[redis.ResponseError | None]:
        """Writes in order; returns the refusal of each message. Raises RedisError where the outcome is unknown."""
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
                self._look_after(stream, next(filter(None, mine), None))
            except redis.RedisError as error:  # what was written is written
                log.warning("a stream could not be measured", extra={"stream": stream, "error": repr(error)})
        return refused

    def _look_after(self, stream: str, error: redis.ResponseError | None) -> None:
        if error is not None and any(word in str(error) for word in _SPOILT):
            log.warning("what stood in place of a stream was deleted", extra={"stream": stream, "error": str(error)})
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
        """Drops the oldest messages, so that this part of them stays; how many went."""
        length = int(self._redis.xlen(stream))  # type: ignore[arg-type]  # as above
        return int(self._redis.xtrim(stream, maxlen=int(length * part), approximate=False))  # type: ignore[arg-type]  # as above
