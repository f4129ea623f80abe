"""The part of Redis' protocol that reading a hash needs."""

from functools import lru_cache
from typing import TypeAlias

Reply: TypeAlias = "bytes | int | RedisReplyError | list[Reply] | None"

_END = b"\r\n"
_STRING, _NUMBER, _ERROR, _BULK, _LIST = b"+:-$*"


class RedisReplyError(Exception):
    """Redis refuses a command."""


@lru_cache(maxsize=4096)
def command(*words: str) -> bytes:
    """Encodes a command. Cached, since the same ones are repeated."""
    parts = [b"*%d\r\n" % len(words)]
    for word in words:
        encoded = word.encode()
        parts.append(b"$%d\r\n%b\r\n" % (len(encoded), encoded))
    return b"".join(parts)


def read(data: bytes, at: int) -> tuple[Reply, int] | None:
    """Returns the reply at a position, and the position of the next one; None if it is incomplete."""
    end = data.find(_END, at)
    if end < 0:
        return None
    kind, text, after = data[at], data[at + 1 : end], end + len(_END)
    if kind == _BULK:
        return _read_bulk(data, after, int(text))
    if kind == _LIST:
        return _read_list(data, after, int(text))
    if kind == _STRING:
        return text, after
    if kind == _NUMBER:
        return int(text), after
    if kind == _ERROR:
        return RedisReplyError(text.decode(errors="replace")), after
    raise ValueError(f"not a reply of Redis: {text[:40]!r}")


def _read_bulk(data: bytes, at: int, size: int) -> tuple[Reply, int] | None:
    if size < 0:
        return None, at
    stop = at + size
    if len(data) < stop + len(_END):
        return None
    return data[at:stop], stop + len(_END)


def _read_list(data: bytes, at: int, size: int) -> tuple[Reply, int] | None:
    items: list[Reply] = []
    for _ in range(size):
        parsed = read(data, at)
        if parsed is None:
            return None
        item, at = parsed
        items.append(item)
    return items, at
