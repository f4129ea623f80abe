"""When Redis has lost everything, what a slow reader then leaves in it must not be believed for long."""

import time
from typing import Any

from chassis.answers import ReadyAnswers
from chassis.redis import connect
from contracts.answers import HEAD, Answer, ledger_key
from contracts.journal import LIVE_CHANNEL
from tests.support.waiting import until
from tests.support.world import World


def test_an_old_answer_stored_after_a_wipe_does_not_outlive_the_next_sweep(a_world: World, redis_url: str) -> None:
    person = a_world.person()
    person.record("1")
    person.record("2")
    parts, database = a_world.parts()
    parts.sweep.run()
    client: Any = connect(redis_url)
    until(lambda: int(client.hget(ledger_key(person.account), HEAD) or 0) == 3, what="the relay to announce both")
    client.flushall()
    old = Answer(2, '"old"', time.time(), b"{}")  # computed before the second write, stored after the wipe
    answers = ReadyAnswers(client)
    assert answers.store(person.account, "a:slow", old, answers.fence(person.account))

    assert parts.sweep.run() == 0  # nothing is missing, and yet there is something to say

    assert client.hget(ledger_key(person.account), HEAD) == b"3"
    client.close()
    database.close()


def test_a_sweep_tells_what_whoever_applied_it_died_before_telling(a_world: World, redis_url: str) -> None:
    person = a_world.person()
    person.record("1")
    parts, database = a_world.parts()
    parts.sweep.run()
    client: Any = connect(redis_url)
    with client.pubsub(ignore_subscribe_messages=True) as heard:
        heard.subscribe(LIVE_CHANNEL)
        until(lambda: heard.subscribed, what="the subscription")
        parts.sweep.run()

        def told() -> bool:
            notice = heard.get_message(timeout=0.1)
            return bool(notice) and str(person.account).encode() in notice["data"]  # others are told of as well

        until(told, what="a notice of this ledger")
    client.close()
    database.close()
