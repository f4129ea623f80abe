"""The cached answer: one question to Redis, and no service is asked at all.

What is sent is as new as the newest revision that Redis knows, as the caller asks for, and at most five minutes old;
anything else, and anything doubtful, goes on to the service together with the revision that it has to reach. Without
a lease the heads in Redis may be out of date: then no answer is sent, and the service finds the head itself.
"""

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl
from uuid import UUID

from chassis.response_cache.cache import usable
from contracts.headers import MIN_REVISION, REVISION
from contracts.response_cache import HEAD, CachedResponse, ledger_key, read_head, response_field
from gateway.metrics import answers
from gateway.request_context import Exchange, Pair
from gateway.response_cache.hashes import Hashes
from gateway.response_cache.lease import LeaseWatch

_MIN_REVISION = MIN_REVISION.lower().encode()
_REVISION = REVISION.lower().encode()
_LONGEST_REVISION = 18
"""Digits: what fits into 64 bits, whatever they are."""
_LONGEST_QUERY = 256
"""Bytes. No question to which answers are kept is longer, and what is read here is remembered."""
_HIT: Pair = (b"cache-status", b"outlay; hit")
_JSON: Pair = (b"content-type", b"application/json")


class Result(StrEnum):
    """How a request for such an answer went."""

    HIT = "hit"
    MISS = "miss"
    BYPASS = "bypass"
    """It is not a question to which answers are kept, or not one that this caller may ask."""
    AWAY = "away"
    """Redis could not be asked: a miss, too."""
    UNSURE = "unsure"
    """No lease holds, so the heads in Redis may be out of date: a miss, too."""


_FORWARDED: dict[Result, Pair] = {
    Result.MISS: (b"cache-status", b"outlay; fwd=miss"),
    Result.AWAY: (b"cache-status", b"outlay; fwd=miss"),
    Result.UNSURE: (b"cache-status", b"outlay; fwd=miss"),
    Result.BYPASS: (b"cache-status", b"outlay; fwd=bypass"),
}

_MISSES = frozenset({Result.AWAY, Result.UNSURE})


class Question(NamedTuple):
    """What a query asks for."""

    field: str | None
    """Where the answer would be; None where such answers are not kept."""
    ledger: str | None
    """None is the caller's own."""


class ReadyAnswers:
    """Sends ready answers where it can."""

    def __init__(self, hashes: Hashes, lease: LeaseWatch) -> None:
        self._hashes = hashes
        self.lease = lease
        self._counted = {result: answers.labels(result) for result in Result}

    async def serve(self, exchange: Exchange) -> bool:
        """Sends the answer if it is ready; else notes for the service which revision it has to reach."""
        result, answer = await self._look(exchange)
        self._counted[result].inc()
        exchange.cache = "miss" if result in _MISSES else result.value
        if answer is None:
            exchange.added.append(_FORWARDED[result])
            return False
        await _send(exchange, answer)
        return True

    async def note_head(self, exchange: Exchange) -> None:
        """Only notes for the service which revision it has to reach."""
        await self._look(exchange)

    async def _look(self, exchange: Exchange) -> tuple[Result, CachedResponse | None]:
        verified, minimum = exchange.session.verified, _minimum(exchange)
        query: bytes = exchange.scope["query_string"]
        question = read_query(exchange.path, query) if len(query) <= _LONGEST_QUERY else None
        if verified is None or minimum is None or question is None:
            return Result.BYPASS, None
        ledger = question.ledger or verified.ledger
        if ledger not in verified.readable:
            return Result.BYPASS, None
        found = await self._hashes.get(ledger_key(ledger), HEAD, question.field or HEAD)
        if found is None:
            return Result.AWAY, None
        # Checked after the reply from Redis: the process may have been suspended while it waited.
        if not self.lease.holds():
            return (Result.BYPASS if question.field is None else Result.UNSURE), None
        head, packed = read_head(found[0]), found[1]
        if head is not None:
            exchange.wanted_revision = max(head, minimum)
        if question.field is None:
            return Result.BYPASS, None
        answer = usable(packed, head, minimum)
        return (Result.MISS if answer is None else Result.HIT), answer


def _minimum(exchange: Exchange) -> int | None:
    """The revision asked for; None where the header says no number, which the service will tell."""
    text = exchange.fields.get(_MIN_REVISION, b"0")
    return int(text) if text.isdigit() and len(text) <= _LONGEST_REVISION else None


@lru_cache(maxsize=4096)
def read_query(path: str, query: bytes) -> Question | None:
    """What is asked for; None where the query is not one that can be answered."""
    try:
        pairs = parse_qsl(query.decode(), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        return None if query else Question(None, None)
    values = dict(pairs)
    if len(values) != len(pairs):
        return None
    text = values.pop("ledger", None)
    try:
        ledger = None if text is None else str(UUID(text))
    except ValueError:
        return None
    return Question(response_field(path, values), ledger)


async def _send(exchange: Exchange, answer: CachedResponse) -> None:
    etag = answer.etag.encode()
    headers = [(b"etag", etag), (_REVISION, b"%d" % answer.revision), _HIT]
    if _is_known(exchange.fields.get(b"if-none-match"), etag):
        await exchange.reply(304, headers, b"")
        return
    length = (b"content-length", b"%d" % len(answer.body))
    await exchange.reply(200, [_JSON, length, *headers], answer.body)


def _is_known(condition: bytes | None, etag: bytes) -> bool:
    if condition is None:
        return False
    known = [one.strip().removeprefix(b"W/") for one in condition.split(b",")]
    return etag in known or known == [b"*"]
