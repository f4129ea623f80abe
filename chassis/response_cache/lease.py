"""The lease of the ready answers: a key that runs out by itself unless a relay goes on raising heads in time."""

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


class Lease:
    """Renews the lease for one relay. Redis' own clock counts, from the moment at which a round of heads has begun.

    So a relay that was stopped in between renews nothing: what it wanted to renew with has run out meanwhile.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._me = f"{LEASE_KEY}:{uuid4().hex}"
        self._renew = client.register_script(_RENEW)

    def begin(self) -> None:
        """Before the journal is asked which entries wait. Raises RedisError."""
        self._client.set(self._me, uuid4().hex, px=_MILLISECONDS)

    def renew(self) -> None:
        """All heads that waited when the round began are raised. Raises RedisError."""
        self._renew(keys=[self._me, LEASE_KEY], args=[_MILLISECONDS])
