"""An error of the database that no repetition cures concerns its own ledger, and none beside it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from chassis.database.engine import Database
from chassis.projections.reader import JournalReader
from chassis.redis.client import connect
from contracts.ids import LedgerId
from contracts.journal import StreamMessage, journal_stream
from services.insights.components import InsightsComponents, TotalsProjection
from services.insights.consumer import Consumer, handlers
from services.insights.projections.checkpoints import CHECKPOINTS
from services.insights.tables import ParkedRow
from tests.support.book import restore_to_revision
from tests.support.ledger_services import LedgerServices, LedgerUser
from tests.support.waiting import until

DAY = "2026-05-05"
CALL = "EXECUTE FUNCTION refuse()"


@contextmanager
def refused(database: Database, action: str, table: str, which: str) -> Iterator[None]:
    """Inside the block the database refuses to insert or delete these rows of a table, as a constraint would."""
    row = "OLD" if action == "DELETE" else "NEW"
    if database.is_sqlite:
        body = f"WHEN {row}.{which} BEGIN SELECT RAISE(ABORT, 'refused'); END"
        made, dropped = [f"CREATE TRIGGER refuse BEFORE {action} ON {table} {body}"], ["DROP TRIGGER refuse"]
    else:
        raising = "BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = 'check_violation'; END"
        made = [
            f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS '{raising.replace(chr(39), chr(39) * 2)}'",
            f"CREATE TRIGGER refuse BEFORE {action} ON {table} FOR EACH ROW WHEN ({row}.{which}) {CALL}",
        ]
        dropped = [f"DROP TRIGGER refuse ON {table}", "DROP FUNCTION refuse"]
    run(database, made)
    yield
    run(database, dropped)


def run(database: Database, statements: list[str]) -> None:
    with database.write() as session:
        for statement in statements:
            session.execute(sa.text(statement))


def literal(database: Database, id_: UUID) -> str:
    """An id as the database stores it."""
    return f"'{id_.hex}'" if database.is_sqlite else f"'{id_}'"


def reached(database: Database, user: LedgerUser) -> int:
    with database.snapshot() as session:
        return CHECKPOINTS.of(session, [user.ledger])[user.ledger].revision


def parked(database: Database, user: LedgerUser) -> dict[LedgerId, int]:
    with database.snapshot() as session:
        return CHECKPOINTS.parked(session, [user.ledger])


@contextmanager
def consuming(services: LedgerServices, reader: JournalReader) -> Iterator[None]:
    """The consumer's threads, without a sweep: what is read in the block came by the stream."""
    settings = services.insights_settings
    with connect(settings.redis_url) as client:
        consumer = Consumer(client, handlers(settings, reader), lambda: 0)
        consumer.start()
        yield
        consumer.stop()


@pytest.fixture
def rewound(services: LedgerServices, book: Database, components: tuple[InsightsComponents, Database]) -> LedgerUser:
    """A user whose journal was put back after it was read, so that its figures are to be deleted."""
    user = services.new_user()
    user.record("1", spent_on=DAY)
    user.record("2", spent_on=DAY)
    components[0].reader.apply_messages([StreamMessage(ledger=user.ledger, revision=3)])
    assert reached(components[1], user) == 3
    restore_to_revision(book, user.ledger, 2)
    return user


def build_of(database: Database, user: LedgerUser) -> str:
    with database.snapshot() as session:
        standing = CHECKPOINTS.position(session, user.ledger)
    assert standing
    return f"generation = {standing.build.generation}"


def test_a_ledger_whose_figures_cannot_be_deleted_is_set_aside_alone(
    services: LedgerServices, components: tuple[InsightsComponents, Database], rewound: LedgerUser
) -> None:
    reader, database = components[0].reader, components[1]
    other = services.new_user()
    with refused(database, "DELETE", "payments", build_of(database, rewound)), consuming(services, reader):
        rewound.record("4", spent_on=DAY)
        rewound.record("8", spent_on=DAY)
        other.record("5", spent_on=DAY)
        until(lambda: reached(database, other) == 2, what="the neighbour's entries to be read")
        until(lambda: parked(database, rewound), what="the ledger to be set aside")
        other.record("6", spent_on=DAY)
        until(lambda: reached(database, other) == 3, what="the stream to be read on")
        assert parked(database, rewound) == {rewound.account: 3}
        assert reached(database, rewound) == 3, "nothing of it was deleted by halves"

    components[0].operations.replay(rewound.ledger)
    assert reached(database, rewound) == 4
    assert rewound.totals.get(f"/api/v1/summary?from={DAY}&to={DAY}").json["total"] == "13.00"


def test_a_sweep_goes_on_behind_such_a_ledger(
    services: LedgerServices, components: tuple[InsightsComponents, Database], rewound: LedgerUser
) -> None:
    database = components[1]
    others = [services.new_user() for _ in range(8)]  # whichever ids come after it
    for other in others:
        other.record("5", spent_on=DAY)
    with refused(database, "DELETE", "payments", build_of(database, rewound)):
        components[0].sweep.run()
    assert [reached(database, other) for other in others] == [2] * 8
    assert parked(database, rewound) == {rewound.account: 3}
    components[0].operations.replay(rewound.ledger)


def test_a_ledger_that_cannot_even_be_set_aside_holds_up_no_other(
    services: LedgerServices, components: tuple[InsightsComponents, Database], rewound: LedgerUser
) -> None:
    reader, database = components[0].reader, components[1]
    other = services.new_user()
    mine = f"ledger = {literal(database, rewound.account)}"
    with (
        refused(database, "DELETE", "payments", build_of(database, rewound)),
        unparkable(database, mine),
        consuming(services, reader),
    ):
        rewound.record("4", spent_on=DAY)
        other.record("5", spent_on=DAY)
        until(lambda: reached(database, other) == 2, what="the neighbour's entries to be read")
        other.record("6", spent_on=DAY)
        until(lambda: reached(database, other) == 3, what="the stream to be read on")
        components[0].sweep.run()
        assert parked(database, rewound) == {}
    components[0].sweep.run()
    assert rewound.totals.get(f"/api/v1/summary?from={DAY}&to={DAY}").json["total"] == "5.00"


@contextmanager
def unparkable(database: Database, which: str) -> Iterator[None]:
    """Inside the block the ledger cannot be set aside."""
    with database.write() as session:
        session.execute(sa.delete(ParkedRow))
    if database.is_sqlite:
        made = f"CREATE TRIGGER keep BEFORE INSERT ON parked WHEN NEW.{which} BEGIN SELECT RAISE(ABORT, 'no'); END"
        dropped = "DROP TRIGGER keep"
    else:
        made = f"CREATE TRIGGER keep BEFORE INSERT ON parked FOR EACH ROW WHEN (NEW.{which}) EXECUTE FUNCTION refuse()"
        dropped = "DROP TRIGGER keep ON parked"
    run(database, [made])
    yield
    run(database, [dropped])


def test_a_connection_lost_while_a_page_is_applied_sets_nothing_aside(
    services: LedgerServices, components: tuple[InsightsComponents, Database]
) -> None:
    """Whether the page is one entry or can be halved: neither half is at fault."""
    reader, database = components[0].reader, components[1]
    lost = DBAPIError("INSERT", None, Exception("gone"), connection_invalidated=True)
    for amounts in (["1"], ["2", "3"]):
        user = services.new_user()
        for amount in amounts:
            user.record(amount, spent_on=DAY)
        with patch.object(TotalsProjection, "project", side_effect=lost), pytest.raises(DBAPIError):
            reader.catch_up(user.ledger, len(amounts) + 1, by="read")
        assert parked(database, user) == {}
        assert reached(database, user) == 0

        reader.catch_up(user.ledger, len(amounts) + 1, by="read")
        assert reached(database, user) == len(amounts) + 1


@pytest.mark.parametrize(
    ("error", "calls"),
    [
        (IntegrityError("INSERT", None, Exception("a constraint")), 1),
        (ValueError("unforeseen"), 1),
        (PoolTimeoutError("every connection is in use"), 2),
        (DBAPIError("SELECT", None, Exception("gone"), connection_invalidated=True), 2),
    ],
)
def test_only_what_may_succeed_is_repeated(
    services: LedgerServices, redis_url: str, error: Exception, calls: int
) -> None:
    """And the next messages are read in either case."""
    taken: list[int] = []

    def fail_once(messages: object) -> bool:
        assert isinstance(messages, list)
        taken.extend(message.revision for message in messages)
        if len(taken) == 1:
            raise error
        return True

    with connect(redis_url) as client:
        stream = journal_stream(0)
        consumer = Consumer(client, {stream: fail_once}, lambda: 0)
        consumer.start()
        ledger = services.new_user().account

        def announced(revision: int) -> Callable[[], bool]:
            client.xadd(stream, StreamMessage(ledger=LedgerId(ledger), revision=revision).fields())
            return lambda: revision in taken

        until(announced(1), what="the first message")
        until(announced(2), what="the second message")
        consumer.stop()
    assert taken == [*[1] * calls, 2]
