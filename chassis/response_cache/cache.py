"""Cached responses in Redis. A head only ever rises, or is deleted together with the responses beside it."""

import logging
import time
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import uuid4

import redis

from chassis.process.clock import CLOCK_DIFFERENCE
from contracts.ids import LedgerId
from contracts.response_cache import (
    FENCE,
    HEAD,
    MAX_AGE,
    MAX_RESPONSE_BYTES,
    MAX_RESPONSES,
    CachedResponse,
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
"""Start of every script: deletes a value of another type, or a hash whose head is not a revision."""

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
"""If Redis is full, deletes the responses instead of raising the head: deleting works, writing does not."""

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

_TTL = 2 * int(MAX_AGE.total_seconds())
"""Seconds that a ledger's hash stays after its last response was stored; by then all of them are too old."""


class Fence(NamedTuple):
    """State of a ledger's hash before a response was computed."""

    token: str
    head: int | None
    """None if Redis has no head for the ledger."""


class ResponseCache:
    """Raises heads and stores responses. Redis errors pass through: callers treat this as best effort."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._raise = client.register_script(_RAISE)
        self._fence = client.register_script(_FENCE)
        self._store = client.register_script(_STORE)

    def raise_head(
        self, ledger: LedgerId, revision: int, pipeline: redis.client.Pipeline | None = None, *, create: bool = True
    ) -> None:
        """Raises the ledger's head to this revision; never lowers it.

        With `create=False` a known head is repeated, in case Redis lost it; that creates no hash.
        """
        args = [revision, _TTL, int(create)]
        spoilt = self._raise(keys=[ledger_key(ledger)], args=args, client=pipeline or self._client)
        if pipeline is None:
            log_invalid(ledger, spoilt)

    def fence(self, ledger: LedgerId) -> Fence:
        """Returns the fence to take before a response is computed and to pass to `store`."""
        reply: Any = self._fence(keys=[ledger_key(ledger)], args=[uuid4().hex, _TTL])
        token, head, spoilt = reply
        log_invalid(ledger, spoilt)
        return Fence(token.decode(errors="replace"), read_head(head))

    def delete(self, ledger: LedgerId) -> None:
        """Deletes a ledger's head and responses."""
        self._client.delete(ledger_key(ledger))

    def store(self, ledger: LedgerId, field: str, response: CachedResponse, fence: Fence) -> bool:
        """Stores a response unless the head is newer or the hash was lost meanwhile. Large responses are not stored."""
        if len(response.body) > MAX_RESPONSE_BYTES:
            self.raise_head(ledger, response.revision)
            return False
        args: list[str | int | bytes] = [response.revision, _TTL, field, response.pack(), MAX_RESPONSES, fence.token]
        return bool(self._store(keys=[ledger_key(ledger)], args=args))


def log_invalid(ledger: LedgerId, invalid: object) -> None:
    """Logs that a script deleted an invalid hash."""
    if invalid == 1:
        log.warning("invalid data in place of cached responses was deleted", extra={"ledger": ledger})


_unpack = lru_cache(maxsize=256)(CachedResponse.unpack)
"""Checks a popular response against its ETag only once."""


def usable(packed: bytes | None, head: int | None, minimum: int, now: float | None = None) -> CachedResponse | None:
    """Returns the response if it is as new as the head and the minimum require, and not too old."""
    if packed is None or head is None:
        return None
    try:
        response = _unpack(packed)
    except ValueError:
        return None
    age = (time.time() if now is None else now) - response.computed_at
    young = -CLOCK_DIFFERENCE.total_seconds() <= age < MAX_AGE.total_seconds()
    return response if young and response.revision >= max(head, minimum) else None
