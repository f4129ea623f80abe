"""The lease of cached responses: a key that expires unless a relay keeps raising heads in time."""

from uuid import uuid4

import redis

from contracts.response_cache import LEASE, LEASE_KEY

_MILLISECONDS = int(LEASE.total_seconds() * 1000)

_RENEW = """
local left, there = redis.call('PTTL', KEYS[1]), redis.call('PTTL', KEYS[2])
if left > 0 and (there < left or there > tonumber(ARGV[1])) then
  redis.call('RENAME', KEYS[1], KEYS[2])
  return 1
end
redis.call('DEL', KEYS[1])
return 0
"""


class CacheLease:
    """Renews the lease for one relay. Redis' own clock counts, from the start of a round of heads.

    A relay that was stopped during a round renews nothing: its own key has expired meanwhile.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._me = f"{LEASE_KEY}:{uuid4().hex}"
        self._renew = client.register_script(_RENEW)

    def begin(self) -> None:
        """Called before unpublished entries are queried. Raises RedisError."""
        self._client.set(self._me, uuid4().hex, px=_MILLISECONDS)

    def renew(self) -> None:
        """Called when every head that was due at the start of the round is raised. Raises RedisError."""
        self._renew(keys=[self._me, LEASE_KEY], args=[_MILLISECONDS])
