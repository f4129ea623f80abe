"""What a relay has announced, as the book, the stream and the metrics tell it."""

from collections import defaultdict
from uuid import UUID

import redis
import sqlalchemy as sa
from prometheus_client import REGISTRY

from contracts.journal import StreamMessage, journal_stream
from services.expenses.ledger.tables import LedgerRow
from tests.support.book import Book

STREAM = journal_stream(0)


def gauge(name: str) -> float:
    found = REGISTRY.get_sample_value(name)
    assert found is not None
    return found


def announced(book: Book) -> dict[UUID, int]:
    with book.database.snapshot() as session:
        return {row.id: row.announced for row in session.execute(sa.select(LedgerRow.id, LedgerRow.announced))}


def published(url: str, stream: str = STREAM) -> dict[UUID, list[int]]:
    """Revisions on a stream in their order, without what was published again."""
    found: dict[UUID, list[int]] = defaultdict(list)
    with redis.Redis.from_url(url) as client:
        for _, fields in client.xrange(stream):
            message = StreamMessage.decode(fields)
            assert message.entry
            assert message.entry.revision == message.revision
            if message.revision not in found[message.ledger]:
                found[message.ledger].append(message.revision)
    return dict(found)
