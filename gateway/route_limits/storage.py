"""Redis storage for slowapi's counters of the named routes. An invalid counter is reset."""

from limits.storage import RedisStorage

SCHEME = "outlay+"
"""Prefix of the URL scheme by which `limits` selects this storage class."""

_COUNT = """
local count = redis.pcall('INCRBY', KEYS[1], ARGV[2])
if type(count) == 'table' then
  if string.find(count.err, 'OOM') then return count end
  redis.call('DEL', KEYS[1])
  count = redis.call('INCRBY', KEYS[1], ARGV[2])
end
local left = redis.call('TTL', KEYS[1])
if count < tonumber(ARGV[2]) or left < 0 or left > tonumber(ARGV[1]) then
  count = tonumber(ARGV[2])
  redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[1])
end
return count
"""


class GuardedRedisStorage(RedisStorage):
    """Resets counters of another type, that are not a number or negative, or whose time to live exceeds the window."""

    STORAGE_SCHEME = [f"{SCHEME}{scheme}" for scheme in ("redis", "rediss", "unix")]  # noqa: RUF012 - as the base class has it

    def __init__(self, uri: str, **options: float | str | bool) -> None:
        """`uri` is a Redis URL prefixed with SCHEME; `options` go to the Redis client."""
        super().__init__(uri.removeprefix(SCHEME), **options)  # type: ignore[arg-type]  # options of redis-py
        self._count = self.get_connection().register_script(_COUNT.encode())

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Adds to a counter with a window of `expiry` seconds. Returns the new count. Raises RedisError."""
        return int(self._count([self.prefixed_key(key)], [expiry, amount]))
