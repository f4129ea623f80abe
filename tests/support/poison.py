"""Values that none of our programs has written: every type that Redis has, and texts that no reader expects."""

from collections.abc import Callable, Mapping

import redis

Poison = Callable[[redis.Redis, str], object]

TEXTS: Mapping[str, bytes] = {
    "nothing": b"",
    "a word": b"nonsense",
    "digits without an end": b"9" * 5_000,
    "a number too large": b"9" * 40,
    "a negative number": b"-5",
    "a fraction": b"1.5",
    "no number at all": b"nan",
    "infinity": b"inf",
    "an underscore": b"1_000",
    "bytes that are no text": b"\xff\xfe\x00\x80",
    "another alphabet's digits": "١٢".encode(),
    "half an answer": b'42 "tag" 1.000',
    "a line break": b'1 "a\rb" 1.000\n{}',
    "a megabyte": b"x" * 1_000_000,
}


def other_type(kind: str) -> Poison:
    """Puts a value of that type in the key's place."""

    def spoil(client: redis.Redis, key: str) -> object:
        pipeline = client.pipeline()  # at once, or a reader puts a stream there in between
        pipeline.delete(key)
        match kind:
            case "string":
                pipeline.set(key, b"not what you think")
            case "list":
                pipeline.rpush(key, b"a", b"b")
            case "set":
                pipeline.sadd(key, b"a")
            case "sorted set":
                pipeline.zadd(key, {b"a": float("inf")})
            case "hash":
                pipeline.hset(key, mapping={b"a": b"b", b"\xff": b"\xff"})
            case _:
                last = f"{2**64 - 1}-{2**64 - 1}"
                pipeline.xadd(key, {b"a": b"b"}, id=last if kind == "stream at its end" else "*")
        return pipeline.execute()

    return spoil


TYPES: Mapping[str, Poison] = {
    kind: other_type(kind) for kind in ("string", "list", "set", "sorted set", "hash", "stream", "stream at its end")
}


def fields(text: bytes) -> Poison:
    """Puts a text into every field of a hash."""

    def spoil(client: redis.Redis, key: str) -> object:
        known = client.hkeys(key)
        return client.hset(key, mapping=dict.fromkeys(known, text)) if known else None  # type: ignore[arg-type]

    return spoil


def whole(text: bytes) -> Poison:
    """Puts a text in the key's place, for ever."""
    return lambda client, key: client.set(key, text)
