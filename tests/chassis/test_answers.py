"""Ready answers are only ever raised."""

import random
import time
from collections.abc import Callable
from typing import cast
from uuid import UUID, uuid4

import pytest
from redis import Redis, ResponseError

from chassis.redis.client import connect
from chassis.response_cache.cache import Fence, ResponseCache, usable
from contracts.ids import LedgerId
from contracts.response_cache import (
    HEAD,
    MAX_RESPONSE_BYTES,
    MAX_RESPONSES,
    CachedResponse,
    etag_of,
    ledger_key,
    read_head,
    response_field,
)
from tests.support.poison import TEXTS, TYPES, fields
from tests.support.redis import RedisServer

FIELD = "a:one"


def asked(client: Redis, ledger: LedgerId) -> dict[bytes, bytes]:
    return cast("dict[bytes, bytes]", client.hgetall(ledger_key(ledger)))


def answer(revision: int, size: int = 10) -> CachedResponse:
    body = b"x" * size
    return CachedResponse(revision, etag_of(body), time.time(), body)


def test_an_older_answer_never_replaces_a_newer_one(client: Redis) -> None:
    ledger, chance = LedgerId(uuid4()), random.Random(5)
    answers, newest = ResponseCache(client), 0
    for _ in range(1000):
        revision = chance.randint(1, 500)
        if chance.random() < 0.3:
            answers.raise_head(ledger, revision)
        else:
            stored = answers.store(ledger, FIELD, answer(revision), answers.fence(ledger))
            assert stored == (revision >= newest)
        newest = max(newest, revision)
        kept = asked(client, ledger)
        head, packed = kept.get(HEAD.encode()), kept.get(FIELD.encode())
        assert read_head(head) == newest
        found = usable(packed, newest, 0)
        assert found is None or found.revision == newest


def test_junk_cannot_grow_a_ledgers_hash(client: Redis) -> None:
    ledger = LedgerId(uuid4())
    answers = ResponseCache(client)
    for number in range(10 * MAX_RESPONSES):
        assert answers.store(ledger, f"a:{number}", answer(7), answers.fence(ledger))
        assert len(asked(client, ledger)) <= MAX_RESPONSES + 2
    assert asked(client, ledger)[HEAD.encode()] == b"7"
    assert cast("int", client.ttl(ledger_key(ledger))) > 0


def test_a_large_answer_is_not_kept_but_its_revision_is_known(client: Redis) -> None:
    ledger = LedgerId(uuid4())
    answers = ResponseCache(client)
    assert not answers.store(ledger, FIELD, answer(3, MAX_RESPONSE_BYTES + 1), answers.fence(ledger))
    kept = asked(client, ledger)
    assert (kept[b"head"], len(kept)) == (b"3", 2)


@pytest.mark.parametrize(
    ("packed", "head", "minimum", "good"),
    [
        (lambda: answer(5).pack(), 5, 0, True),
        (lambda: answer(5).pack(), 5, 5, True),
        (lambda: answer(5).pack(), 6, 0, False),
        (lambda: answer(5).pack(), 5, 6, False),
        (lambda: answer(5)._replace(computed_at=time.time() - 301).pack(), 5, 0, False),
        (lambda: answer(5)._replace(computed_at=time.time() + 20).pack(), 5, 0, True),
        (lambda: answer(5)._replace(computed_at=time.time() + 3600).pack(), 5, 0, False),
        (lambda: None, 5, 0, False),
        (lambda: answer(5).pack(), None, 0, False),
        (lambda: b"nonsense", 5, 0, False),
        (lambda: answer(5).pack()[:-1], 5, 0, False),
    ],
    ids=[
        "as new",
        "as asked",
        "older than the head",
        "older than asked",
        "old",
        "of a clock that is a little ahead",
        "of the future",
        "none",
        "no head",
        "nonsense",
        "cut short",
    ],
)
def test_which_answers_are_given(
    packed: Callable[[], bytes | None],  # computed now, since the test may run long after it was collected
    head: int | None,
    minimum: int,
    good: bool,  # noqa: FBT001
) -> None:
    assert (usable(packed(), head, minimum) is not None) is good


def test_only_canonical_queries_have_a_field() -> None:
    path = "/api/v1/summary"
    assert response_field(path, {"from": "a", "to": "b"}) == response_field(path, {"to": "b", "from": "a"})
    assert response_field(path, {"from": "a", "to": "b"}) != response_field(path, {"from": "b", "to": "a"})
    for query in ({}, {"from": "a"}, {"from": "a", "to": "b", "junk": "1"}):
        assert response_field(path, query) is None
    assert response_field("/api/v1/expenses", {"from": "a", "to": "b"}) is None


def test_what_was_computed_before_a_loss_is_never_stored_after_it(client: Redis) -> None:
    """Else a slow reader's old answer would be taken for the newest there is."""
    ledger = LedgerId(uuid4())
    answers = ResponseCache(client)
    answers.raise_head(ledger, 4)
    slow = answers.fence(ledger)
    assert slow.head == 4
    answers.raise_head(ledger, 5)
    client.delete(ledger_key(ledger))

    assert not answers.store(ledger, FIELD, answer(4), slow)
    after = answers.fence(ledger)
    assert after.head is None, "a reader has to ask the journal itself"
    assert not answers.store(ledger, FIELD, answer(4), slow)
    assert answers.store(ledger, FIELD, answer(5), after)


def test_a_full_redis_loses_answers_rather_than_keep_old_ones(redis_server: RedisServer) -> None:
    known, unknown = LedgerId(uuid4()), LedgerId(uuid4())
    with connect(redis_server.url) as client:
        answers = ResponseCache(client)
        assert answers.store(known, FIELD, answer(4), answers.fence(known))
        client.config_set("maxmemory", 1)

        answers.raise_head(known, 5)
        answers.raise_head(unknown, 1)

        assert (asked(client, known), asked(client, unknown)) == ({}, {})
        with pytest.raises(ResponseError, match="maxmemory"):
            answers.fence(known)
        client.config_set("maxmemory", 0)
        assert answers.store(known, FIELD, answer(5), answers.fence(known))


def test_idle_answers_leave(client: Redis) -> None:
    """Neither a repeated nor a new head prolongs their life: only a newly stored answer does."""
    ledger, idle = LedgerId(uuid4()), LedgerId(uuid4())
    answers = ResponseCache(client)
    answers.store(ledger, FIELD, answer(4), answers.fence(ledger))
    client.expire(ledger_key(ledger), 9)

    answers.raise_head(ledger, 4, create=False)
    answers.raise_head(ledger, 5, create=False)
    answers.raise_head(ledger, 6)
    answers.raise_head(idle, 6, create=False)

    assert cast("int", client.ttl(ledger_key(ledger))) <= 9
    assert asked(client, ledger)[b"head"] == b"6"
    assert asked(client, idle) == {}


@pytest.mark.parametrize("poison", [*TYPES, *TEXTS])
def test_poison_is_put_right_by_whatever_comes_first(client: Redis, poison: str) -> None:
    answers = ResponseCache(client)
    spoil = TYPES.get(poison) or fields(TEXTS.get(poison, b""))

    def spoilt() -> UUID:
        ledger = LedgerId(uuid4())
        assert answers.store(ledger, FIELD, answer(4), answers.fence(ledger))
        spoil(client, ledger_key(ledger))
        return ledger

    raised, told_again, stored, looked_at = (spoilt() for _ in range(4))
    answers.raise_head(LedgerId(raised), 3)
    answers.raise_head(LedgerId(told_again), 3, create=False)
    answers.store(LedgerId(stored), FIELD, answer(3), Fence("x", None))
    fence = answers.fence(LedgerId(looked_at))

    assert asked(client, LedgerId(raised))[b"head"] == b"3"
    assert asked(client, LedgerId(told_again)).get(b"head", b"3") == b"3"
    assert asked(client, LedgerId(stored)).get(b"head", b"3") == b"3"
    assert fence.head is None
    assert answers.store(LedgerId(looked_at), FIELD, answer(3), fence)
