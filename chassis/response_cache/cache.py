"""The ready answers in Redis. A head only ever rises, or is deleted together with the answers beside it."""

import logging
import time
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import redis

from chassis.process.clock import CLOCK_DIFFERENCE
from contracts.response_cache import (
    FENCE,
    HEAD,
    LARGEST_ANSWER,
    MAX_AGE,
    MOST_ANSWERS,
    Answer,
    ledger_key,
    read_head,
)

log = logging.getLogger(__name__)

_LOOK = f"""
local kind = redis.call('TYPE', KEYS[1]).ok
local head = kind == 'hash' and redis.call('HGET', KEYS[1], '{HEAD}') or false
local spoilt = (kind ~= 'hash' and kind ~= 'none') or (head and not (string.match(head, '^%d+$') and #head <= 15))
if spoilt then
  redis.call('DEL', KEYS[1])
  kind, head = 'none', false
end
"""
"""Begins every script: a value of another type, or a head that is no revision, is deleted with all beside it."""

_RAISE = (
    _LOOK
    + f"""
if (kind == 'hash' or ARGV[3] == '1') and (not head or tonumber(ARGV[1]) > tonumber(head)) then
  local raised = redis.pcall('HSET', KEYS[1], '{HEAD}', ARGV[1])
  if type(raised) == 'table' then
    redis.call('DEL', KEYS[1])
  elseif kind == 'none' then
    redis.call('EXPIRE', KEYS[1], ARGV[2])
  end
end
return spoilt and 1 or 0
"""
)
"""Where Redis is full, the answers go in place of the head that cannot be raised: deleting works, writing does not."""

_FENCE = (
    _LOOK
    + f"""
local fence = kind == 'hash' and redis.call('HGET', KEYS[1], '{FENCE}') or false
if not fence or #fence ~= #ARGV[1] then
  fence = ARGV[1]
  local made = redis.pcall('HSET', KEYS[1], '{FENCE}', fence)
  if type(made) == 'table' then return made end
end
if redis.call('TTL', KEYS[1]) < 0 then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
return {{fence, head, spoilt and 1 or 0}}
"""
)

_STORE = (
    _LOOK
    + f"""
local revision, known = tonumber(ARGV[1]), head and tonumber(head) or 0
local fence = kind == 'hash' and redis.call('HGET', KEYS[1], '{FENCE}')
if not fence or fence ~= ARGV[6] or revision < known then return 0 end
if redis.call('HEXISTS', KEYS[1], ARGV[3]) == 0 and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[5]) + 2 then
  redis.call('DEL', KEYS[1])
end
local stored = redis.pcall('HSET', KEYS[1], '{HEAD}', ARGV[1], '{FENCE}', fence, ARGV[3], ARGV[4])
if type(stored) == 'table' then return stored end
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""
)

_KEPT = 2 * int(MAX_AGE.total_seconds())
"""Seconds that a ledger's hash stays after its last answer was stored: until then none in it is good any more."""


class Fence(NamedTuple):
    """What stood in a ledger's hash before an answer was computed."""

    token: str
    head: int | None
    """None where Redis has no head for the ledger."""


class ReadyAnswers:
    """Raises heads and stores answers. Redis errors pass through: callers treat this as best effort."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._raise = client.register_script(_RAISE)
        self._fence = client.register_script(_FENCE)
        self._store = client.register_script(_STORE)

    def raise_head(
        self, ledger: UUID, revision: int, pipeline: redis.client.Pipeline | None = None, *, news: bool = True
    ) -> None:
        """Makes known that the ledger has reached this revision; never lowers it.

        With `news=False` a known head is repeated, in case Redis lost it; that creates no hash where there is none.
        """
        args = [revision, _KEPT, int(news)]
        spoilt = self._raise(keys=[ledger_key(ledger)], args=args, client=pipeline or self._client)
        if pipeline is None:
            note_spoilt(ledger, spoilt)

    def fence(self, ledger: UUID) -> Fence:
        """To be taken before an answer is computed, and given back when it is stored."""
        found: Any = self._fence(keys=[ledger_key(ledger)], args=[uuid4().hex, _KEPT])
        token, head, spoilt = found
        note_spoilt(ledger, spoilt)
        return Fence(token.decode(errors="replace"), read_head(head))

    def forget(self, ledger: UUID) -> None:
        """Deletes all that is known of a ledger."""
        self._client.delete(ledger_key(ledger))

    def store(self, ledger: UUID, field: str, answer: Answer, fence: Fence) -> bool:
        """Stores an answer unless a newer head is there, or what was there has been lost. Large ones are not kept."""
        if len(answer.body) > LARGEST_ANSWER:
            self.raise_head(ledger, answer.revision)
            return False
        args: list[str | int | bytes] = [answer.revision, _KEPT, field, answer.pack(), MOST_ANSWERS, fence.token]
        return bool(self._store(keys=[ledger_key(ledger)], args=args))


def note_spoilt(ledger: UUID, spoilt: object) -> None:
    """Logs that a hash was deleted, as its scripts say it."""
    if spoilt == 1:
        log.warning("what stood in place of ready answers was deleted", extra={"ledger": ledger})


_unpack = lru_cache(maxsize=256)(Answer.unpack)
"""Responses that are requested again and again are checked against their ETags once."""


def usable(packed: bytes | None, head: int | None, minimum: int, now: float | None = None) -> Answer | None:
    """The answer, if it is as new as the head and the minimum ask for, and not too old."""
    if packed is None or head is None:
        return None
    try:
        answer = _unpack(packed)
    except ValueError:
        return None
    age = (time.time() if now is None else now) - answer.computed_at
    young = -CLOCK_DIFFERENCE.total_seconds() <= age < MAX_AGE.total_seconds()
    return answer if young and answer.revision >= max(head, minimum) else None
