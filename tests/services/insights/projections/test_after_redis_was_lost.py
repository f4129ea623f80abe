"""When Redis has lost everything, what a slow reader then leaves in it must not be believed for long."""

import time
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from chassis.projections.sweep import Sweep
from chassis.redis.client import connect
from chassis.response_cache.cache import ResponseCache
from contracts.ids import LedgerId
from contracts.journal import LIVE_CHANNEL, StreamMessage
from contracts.live import LiveNotice
from contracts.response_cache import HEAD, CachedResponse, ledger_key
from services.insights.projections.checkpoints import CHECKPOINTS
from tests.support.databases import Databases
from tests.support.ledger_services import LedgerServices, ledger_services
from tests.support.redis import RedisServer
from tests.support.waiting import until


def test_an_old_answer_stored_after_a_wipe_does_not_outlive_the_next_sweep(
    services: LedgerServices, redis_url: str
) -> None:
    user = services.new_user()
    user.record("1")
    user.record("2")
    components, database = services.components()
    components.sweep.run()
    client: Any = connect(redis_url)
    until(
        lambda: int(client.hget(ledger_key(user.ledger), HEAD) or 0) == 3,
        what="the relay to announce both",
    )
    client.flushall()
    old = CachedResponse(2, '"old"', time.time(), b"{}")  # computed before the second write, stored after the wipe
    answers = ResponseCache(client)
    assert answers.store(user.ledger, "a:slow", old, answers.fence(user.ledger))

    assert components.sweep.run() == 0  # nothing is missing, and yet there is something to say

    assert client.hget(ledger_key(user.ledger), HEAD) == b"3"
    client.close()
    database.close()


def test_a_sweep_tells_of_what_another_process_may_have_died_before_telling_and_of_nothing_else(
    services: LedgerServices, redis_url: str
) -> None:
    user, other = services.new_user(), services.new_user()
    for one in (user, other):
        one.record("1")
    dying, first = services.components()
    dying.sweep.run()
    components, database = services.components()  # as after a restart: what was told is not known
    client: Any = connect(redis_url)
    with client.pubsub() as heard:
        heard.subscribe(LIVE_CHANNEL)

        def swept() -> set[UUID]:
            """The ledgers of which a sweep tells."""
            components.sweep.run()
            client.publish(LIVE_CHANNEL, b"end")
            found: set[UUID] = set()
            while (data := until(lambda: heard.get_message(timeout=0.1), what="the next notice")["data"]) != b"end":
                found |= {LiveNotice.decode(data).ledger} if isinstance(data, bytes) else set()
            return found

        assert {user.account, other.account} <= swept()
        assert swept() == set(), "nothing has changed since"
        user.record("2")
        dying.reader.apply_messages([StreamMessage(ledger=user.ledger, revision=3)])
        assert swept() == {user.account}
        assert swept() == set()
    client.close()
    first.close()
    database.close()


def test_what_redis_did_not_take_is_told_by_the_next_sweep(databases: Databases, redis_server: RedisServer) -> None:
    told: list[tuple[bool, int]] = []
    with ledger_services(databases, redis_server.url) as running:
        user = running.new_user()
        user.record("1")
        components, database = running.components()
        tell = components.effects.repeat

        def telling(reached: Mapping[LedgerId, int], changed: Collection[LedgerId]) -> bool:
            taken = tell(reached, changed)
            told.append((taken, len(changed)))
            return taken

        sweep = Sweep(database, CHECKPOINTS, components.reader._feed, components.reader, telling)
        redis_server.stop()
        sweep.run()
        redis_server.start()
        until(lambda: sweep.run() == 0 and told[-1][0], what="Redis to take it")
        sweep.run()
        database.close()
    assert {one for one in told if not one[0]} == {(False, 1)}
    assert [one for one in told if one[0]] == [(True, 1), (True, 0)]
