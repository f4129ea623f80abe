"""Ready answers are only ever raised."""

import random
import time
from typing import cast
from uuid import UUID, uuid4

import pytest
from redis import Redis

from chassis.answers import ReadyAnswers, usable
from chassis.redis import connect
from contracts.answers import HEAD, LARGEST_ANSWER, MOST_ANSWERS, Answer, answer_field, ledger_key

FIELD = "a:one"


def asked(client: Redis, ledger: UUID) -> dict[bytes, bytes]:
    return cast("dict[bytes, bytes]", client.hgetall(ledger_key(ledger)))


def answer(revision: int, size: int = 10) -> Answer:
    return Answer(revision, '"tag"', time.time(), b"x" * size)


def test_an_older_answer_never_replaces_a_newer_one(redis_url: str) -> None:
    client, ledger, chance = connect(redis_url), uuid4(), random.Random(5)
    answers, newest = ReadyAnswers(client), 0
    for _ in range(1000):
        revision = chance.randint(1, 500)
        if chance.random() < 0.3:
            answers.raise_head(ledger, revision)
        else:
            assert answers.store(ledger, FIELD, answer(revision)) == (revision >= newest)
        newest = max(newest, revision)
        kept = asked(client, ledger)
        head, packed = kept.get(HEAD.encode()), kept.get(FIELD.encode())
        assert head is not None
        assert int(head) == newest
        found = usable(packed, head, 0)
        assert found is None or found.revision == newest


def test_junk_cannot_grow_a_ledgers_hash(redis_url: str) -> None:
    client, ledger = connect(redis_url), uuid4()
    answers = ReadyAnswers(client)
    for number in range(10 * MOST_ANSWERS):
        answers.store(ledger, f"a:{number}", answer(7))
        assert len(asked(client, ledger)) <= MOST_ANSWERS + 1
    assert asked(client, ledger)[HEAD.encode()] == b"7"
    assert cast("int", client.ttl(ledger_key(ledger))) > 0


def test_a_large_answer_is_not_kept_but_its_revision_is_known(redis_url: str) -> None:
    client, ledger = connect(redis_url), uuid4()
    assert not ReadyAnswers(client).store(ledger, FIELD, answer(3, LARGEST_ANSWER + 1))
    assert asked(client, ledger) == {b"head": b"3"}


@pytest.mark.parametrize(
    ("packed", "head", "minimum", "good"),
    [
        (answer(5).pack(), b"5", 0, True),
        (answer(5).pack(), b"5", 5, True),
        (answer(5).pack(), b"6", 0, False),
        (answer(5).pack(), b"5", 6, False),
        (answer(5)._replace(computed_at=time.time() - 301).pack(), b"5", 0, False),
        (None, b"5", 0, False),
        (answer(5).pack(), None, 0, False),
        (b"nonsense", b"5", 0, False),
        (answer(5).pack(), b"five", 0, False),
    ],
    ids=[
        "as new",
        "as asked",
        "older than the head",
        "older than asked",
        "old",
        "none",
        "no head",
        "nonsense",
        "bad head",
    ],
)
def test_which_answers_are_given(packed: bytes | None, head: bytes | None, minimum: int, good: bool) -> None:  # noqa: FBT001
    assert (usable(packed, head, minimum) is not None) is good


def test_only_canonical_queries_have_a_field() -> None:
    path = "/api/v1/summary"
    assert answer_field(path, {"from": "a", "to": "b"}) == answer_field(path, {"to": "b", "from": "a"})
    assert answer_field(path, {"from": "a", "to": "b"}) != answer_field(path, {"from": "b", "to": "a"})
    for query in ({}, {"from": "a"}, {"from": "a", "to": "b", "junk": "1"}):
        assert answer_field(path, query) is None
    assert answer_field("/api/v1/expenses", {"from": "a", "to": "b"}) is None
