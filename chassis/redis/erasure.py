"""Deletes what Redis holds of ledgers: their stream messages, their heads and cached responses."""

from collections.abc import Collection, Sequence
from typing import Any

import redis

from chassis.response_cache.cache import ResponseCache
from contracts.ids import LedgerId

MESSAGES_AT_ONCE = 200
"""Messages that one call of the script reads. It blocks Redis, and a message may have 16 KB."""

_PAGE = """
local mine = {}
for number = 4, #ARGV do mine[ARGV[number]] = true end
local page = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[2], 'COUNT', ARGV[3])
local last, found = false, {}
for _, message in ipairs(page) do
  last = message[1]
  for field = 1, #message[2], 2 do
    if message[2][field] == 'ledger' and mine[message[2][field + 1]] then
      found[#found + 1] = last
      break
    end
  end
end
if #page < tonumber(ARGV[3]) then last = false end
return {last, #found > 0 and redis.call('XDEL', KEYS[1], unpack(found)) or 0}
"""
"""Returns the id of the page's last message, or false for the last page, and the number of deleted messages."""


class RedisErasure:
    """Erases ledgers from Redis. Idempotent."""

    def __init__(self, client: redis.Redis, streams: Sequence[str], cache: redis.Redis) -> None:
        """`streams` may hold messages of ledgers, and need not exist; `cache` connects to the Redis with the heads."""
        self._client = client
        self._streams = streams
        self._cache = ResponseCache(cache)
        self._page = client.register_script(_PAGE)

    def erase(self, ledgers: Collection[LedgerId]) -> int:
        """Deletes everything that Redis holds of closed ledgers; returns the number of messages. Raises RedisError.

        A message that a relay adds meanwhile may remain; that relay deletes it.
        """
        if not ledgers:
            return 0
        kinds = self._client.pipeline(transaction=False)
        for stream in self._streams:
            kinds.type(stream)
        existing = [stream for stream, kind in zip(self._streams, kinds.execute(), strict=True) if kind == b"stream"]
        deleted = sum(self._erase_from(stream, ledgers) for stream in existing)
        for ledger in ledgers:
            self._cache.delete(ledger)
        return deleted

    def _erase_from(self, stream: str, ledgers: Collection[LedgerId]) -> int:
        newest: Any = self._client.xrevrange(stream, count=1)
        start: str | None = "-" if newest else None
        deleted = 0
        while start is not None:  # up to the newest message at the start: a busy stream has no end
            args = [start, newest[0][0], MESSAGES_AT_ONCE, *map(str, ledgers)]
            reply: Any = self._page(keys=[stream], args=args)
            last, count = reply
            start, deleted = _after(last), deleted + count
        return deleted


def _after(last: bytes | None) -> str | None:
    """Returns the next possible message id."""
    if last is None:
        return None
    milliseconds, _, number = last.partition(b"-")
    return f"{int(milliseconds)}-{int(number) + 1}"
