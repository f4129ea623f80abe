"""Redis full, slow, and with nonsense in the keys that we read."""

import random
from collections.abc import Mapping
from contextlib import suppress
from typing import cast

import redis

from contracts.identity_journal import IDENTITY_STREAM
from contracts.journal import LIVE_CHANNEL, journal_stream
from deploy.local.redis_server import MEMORY
from tests.chaos.faults import Fault, FaultFunction, FaultTargets
from tests.chaos.links import REDIS_LINKS
from tests.support.poison import TEXTS, TYPES, fields, whole

STREAMS = (journal_stream(0), IDENTITY_STREAM)
KEYS = ("outlay:ledger:*", "outlay:{lease}*", "outlay:limit:*", "LIMITS*")


def fill(targets: FaultTargets, chance: random.Random) -> Fault | None:
    """There is no more room: what may be evicted goes, and nothing can be written."""
    if not _limit(targets, "1"):
        return None
    return Fault("fill", "redis", chance.uniform(0.5, 5), lambda: _lift(targets))


def slow(targets: FaultTargets, chance: random.Random) -> Fault:
    """Each word of Redis to one program takes a while."""
    link = chance.choice(REDIS_LINKS)
    targets.links.slow(link, chance.choice((0.06, 0.2)))
    return Fault("slow", link, chance.uniform(0.5, 5), lambda: targets.links.slow(link, 0))


def poison(targets: FaultTargets, chance: random.Random) -> Fault | None:
    """A few of our keys hold what we have never written, and so do a few messages."""
    with suppress(redis.RedisError), targets.redis() as client:
        text = TEXTS[chance.choice(sorted(TEXTS))]
        kind = TYPES[chance.choice(sorted(TYPES))]
        known = [key.decode() for pattern in KEYS for key in cast("list[bytes]", client.keys(pattern))]
        for key in chance.sample(sorted(known), min(4, len(known))):
            chance.choice((kind, fields(text), whole(text)))(client, key)
        stream = chance.choice(STREAMS)
        if chance.random() < 0.3:
            kind(client, stream)
        else:
            client.xadd(stream, {"ledger": text, "revision": text, "entry": text})
        client.publish(LIVE_CHANNEL, text)
        return Fault("poison", "redis")
    return None


WEIGHTS: Mapping[FaultFunction, int] = {fill: 4, slow: 5, poison: 5}


def _lift(targets: FaultTargets) -> None:
    _limit(targets, MEMORY)


def _limit(targets: FaultTargets, memory: str) -> bool:
    with suppress(redis.RedisError), targets.redis() as client:
        return bool(client.config_set("maxmemory", memory))
    return False
