"""Counts of the named routes in Redis, as slowapi wants them. A count that cannot be one of ours begins anew."""

from limits.storage import RedisStorage

SCHEME = "outlay+"
"""Stands before the scheme of an address in Redis, by which `limits` finds this class."""

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
    """Replaces a value of another type, no number, a negative count, and a count that outlives its window."""

    STORAGE_SCHEME = [f"{SCHEME}{scheme}" for scheme in ("redis", "rediss", "unix")]  # noqa: RUF012 - as the base class has it

    def __init__(self, uri: str, **options: float | str | bool) -> None:
        """`uri` is that of a Redis server, behind SCHEME; `options` are the client's."""
        super().__init__(uri.removeprefix(SCHEME), **options)  # type: ignore[arg-type]  # options of redis-py
        self._count = self.get_connection().register_script(_COUNT.encode())

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Counts, in a window of `expiry` seconds; the new count. Raises RedisError."""
        return int(self._count([self.prefixed_key(key)], [expiry, amount]))
