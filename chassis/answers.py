"""The ready answers in Redis: whatever writes them only ever raises what is there."""

import time
from uuid import UUID

import redis

from chassis.clock import CLOCK_DIFFERENCE
from contracts.answers import LARGEST_ANSWER, MAX_AGE, MOST_ANSWERS, Answer, ledger_key

_RAISE = """
local head = tonumber(redis.call('HGET', KEYS[1], 'head') or '0')
local revision = tonumber(ARGV[1])
if revision > head then redis.call('HSET', KEYS[1], 'head', ARGV[1]) end
redis.call('EXPIRE', KEYS[1], ARGV[2])
"""

_STORE = (
    _RAISE
    + """
local there = redis.call('HGET', KEYS[1], ARGV[3])
local newest = there and tonumber(string.match(there, '^%d+')) or 0
if revision < head or revision < newest then return 0 end
if not there and redis.call('HLEN', KEYS[1]) > tonumber(ARGV[5]) then
  local known = redis.call('HGET', KEYS[1], 'head')
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'head', known)
  redis.call('EXPIRE', KEYS[1], ARGV[2])
end
redis.call('HSET', KEYS[1], ARGV[3], ARGV[4])
return 1
"""
)

_KEPT = int(MAX_AGE.total_seconds()) * 12
"""Seconds a ledger's hash stays without a write or an answer."""


class ReadyAnswers:
    """Raises heads and stores answers. Redis errors pass through: callers treat this as best effort."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._raise = client.register_script(_RAISE)
        self._store = client.register_script(_STORE)

    def raise_head(self, ledger: UUID, revision: int, pipeline: redis.client.Pipeline | None = None) -> None:
        """Makes known that the ledger has reached this revision; never lowers it."""
        self._raise(keys=[ledger_key(ledger)], args=[revision, _KEPT], client=pipeline or self._client)

    def forget(self, ledger: UUID) -> None:
        """Deletes all that is known of a ledger; only for one whose journal was put back, or a head would be lost."""
        self._client.delete(ledger_key(ledger))

    def store(self, ledger: UUID, field: str, answer: Answer) -> bool:
        """Stores an answer unless a newer one, or a newer head, is there. Large ones are not kept."""
        if len(answer.body) > LARGEST_ANSWER:
            self.raise_head(ledger, answer.revision)
            return False
        args: list[str | int | bytes] = [answer.revision, _KEPT, field, answer.pack(), MOST_ANSWERS]
        return bool(self._store(keys=[ledger_key(ledger)], args=args))


def usable(packed: bytes | None, head: bytes | None, minimum: int, now: float | None = None) -> Answer | None:
    """The answer, if it is as new as the head and the minimum ask for, and not too old."""
    if packed is None or head is None:
        return None
    try:
        answer = Answer.unpack(packed)
        known = int(head)
    except ValueError:
        return None
    age = (time.time() if now is None else now) - answer.computed_at
    young = -CLOCK_DIFFERENCE.total_seconds() <= age < MAX_AGE.total_seconds()
    return answer if young and answer.revision >= max(known, minimum) else None
