"""A ledger with an entry that cannot be applied: what an operator sees of it, and how it is set going again."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.database.engine import Database, table_of
from chassis.errors import Unavailable
from chassis.redis.client import connect
from contracts.ids import LedgerId
from contracts.journal import StreamMessage
from contracts.response_cache import FENCE, HEAD, ledger_key
from services.expenses.ledger.tables import EntryRow
from services.insights.components import InsightsComponents
from services.insights.projections.checkpoints import CHECKPOINTS
from services.insights.projections.maintenance import ProjectionMaintenance
from services.insights.tables import CheckpointRow, ProjectionBuildRow
from tests.support.ledger_services import LedgerServices, LedgerUser
from tests.support.outlay import Outlay

YEAR = "/api/v1/summary?from=2026-01-01&to=2026-12-31"


def read(user: LedgerUser, **headers: str) -> Any:
    return user.totals.get(YEAR, **headers)


def poison(book: Database, ledger: LedgerId, revision: int) -> Callable[[], None]:
    """Makes an entry unreadable; call what it returns to heal it."""
    table = table_of(EntryRow)
    entry = sa.and_(table.c.ledger == ledger, table.c.revision == revision)
    with book.write() as session:
        healthy = session.scalar(sa.select(table.c.pairs).where(entry))
        assert healthy
        broken = json.dumps([pair | {"after": {"minor": "much"}} for pair in json.loads(healthy)])
        session.execute(sa.update(table).where(entry).values(pairs=broken))

    def heal() -> None:
        with book.write() as session:
            session.execute(sa.update(table).where(entry).values(pairs=healthy))

    return heal


@pytest.fixture
def poisoned(
    services: LedgerServices, book: Database, components: tuple[InsightsComponents, Database]
) -> Iterator[LedgerUser]:
    """A user whose third of four entries cannot be applied."""
    user = services.new_user()
    for amount in ("1", "2", "4"):
        user.record(amount, spent_on="2026-05-05")
    heal = poison(book, user.ledger, 3)
    components[0].operations.sweep()
    yield user
    heal()
    components[0].operations.replay(user.ledger)


def test_none_is_set_aside_while_our_own_data_is_known_to_be_damaged(
    services: LedgerServices, book: Database, components: tuple[InsightsComponents, Database]
) -> None:
    user = services.new_user()
    user.record("1", spent_on="2026-05-05")
    heal = poison(book, user.ledger, 2)
    components[1].health.record_check("a page is no page")

    with pytest.raises(Unavailable):
        components[0].operations.sweep()
    components[1].health.record_check(None)

    assert components[0].operations.parked(user.ledger) == []
    heal()
    components[0].operations.sweep()
    assert read(user).json["total"] == "1.00"


def test_a_ledger_set_aside_is_shown_with_its_entry_and_replayed_once_mended(
    outlay: Outlay, poisoned: LedgerUser, book: Database
) -> None:
    ledger = poisoned.account
    assert f"{ledger}  2 behind, at 2, set aside" in outlay("status").text
    assert f"{ledger}  at 3 since 20" in outlay("parked", "list").text
    shown = outlay("parked", "show", ledger)
    assert "validation error" in shown.text
    assert '"minor": "much"' in shown.text

    again = outlay("parked", "replay", ledger)
    assert (again.code, again.text.splitlines()[0]) == (1, f"{ledger}  set aside again")

    heal_by_hand(book, LedgerId(ledger))
    mended = outlay("parked", "replay")
    assert (mended.code, mended.text) == (0, f"{ledger}  caught up\n")
    assert read(poisoned).json["total"] == "7.00"
    assert outlay("parked", "list").text == "No ledger is set aside.\n"
    assert outlay("parked", "show", ledger).code == 1
    assert outlay("parked", "replay", ledger).text == "That ledger is not set aside.\n"


def test_an_answer_that_must_say_so_is_not_kept_for_the_gateway_which_could_not(
    poisoned: LedgerUser, redis_url: str
) -> None:
    assert read(poisoned).headers["Outlay-Parked-Revision"] == "3"

    with connect(redis_url) as cache:
        kept = cache.hkeys(ledger_key(poisoned.ledger))
    assert [field for field in kept if field not in {HEAD.encode(), FENCE.encode()}] == []


def heal_by_hand(book: Database, ledger: LedgerId) -> None:
    """As an operator would: the entry's pair in the form that it should have had."""
    table = table_of(EntryRow)
    with book.write() as session:
        second, third = session.scalars(
            sa.select(table.c.pairs).where(table.c.ledger == ledger, table.c.revision.in_([2, 3])).order_by("revision")
        )
        image = json.loads(second)[-1]["after"] | {"amount": "2", "minor": 200}
        pairs = [pair | {"after": image} for pair in json.loads(third)]
        entry = sa.and_(table.c.ledger == ledger, table.c.revision == 3)
        session.execute(sa.update(table).where(entry).values(pairs=json.dumps(pairs)))


def test_a_replay_while_the_book_is_away_is_left_to_the_sweep(
    outlay: Outlay, poisoned: LedgerUser, components: tuple[InsightsComponents, Database]
) -> None:
    said = outlay("parked", "replay", poisoned.account, EXPENSES_URL="http://127.0.0.1:1")
    assert (said.code, said.text) == (1, f"{poisoned.account}  left to the next sweep\n")
    components[0].operations.sweep()
    assert str(poisoned.account) in outlay("parked", "list").text


def test_rebuild_makes_anew_one_or_all_and_says_what_it_could_not(outlay: Outlay, poisoned: LedgerUser) -> None:
    said = outlay("rebuild")
    assert said.code == 1
    assert "could not be rebuilt, its figures stand as they were" in said.line(poisoned.account)
    assert ", 1 not." in said.text
    assert read(poisoned).json["total"] == "1.00", "what was read before the poison still serves"


def test_a_rebuild_that_succeeds_lets_a_ledger_go_on(outlay: Outlay, poisoned: LedgerUser, book: Database) -> None:
    heal_by_hand(book, poisoned.ledger)
    said = outlay("rebuild", poisoned.account)
    assert (said.code, said.line(poisoned.account)) == (0, f"{poisoned.account}  rebuilt up to 4")
    assert outlay("parked", "list").text == "No ledger is set aside.\n"
    poisoned.record("8", spent_on="2026-05-05")
    assert read(poisoned).json["total"] == "15.00"


def test_a_rebuild_that_fails_leaves_nothing_behind(
    poisoned: LedgerUser, components: tuple[InsightsComponents, Database]
) -> None:
    with pytest.raises(ValueError, match="validation error"):
        components[0].rebuild.run(poisoned.ledger)
    with components[1].snapshot() as session:
        assert (
            session.scalars(
                sa.select(ProjectionBuildRow.generation).where(ProjectionBuildRow.ledger == poisoned.account)
            ).all()
            == []
        )


def test_a_newer_version_of_the_projection_leaves_it_to_a_replay(
    poisoned: LedgerUser, components: tuple[InsightsComponents, Database]
) -> None:
    """Else it would be read from the start every few seconds, for nothing."""
    with components[1].write() as session:
        mine = sa.update(CheckpointRow).where(CheckpointRow.ledger == poisoned.account)
        session.execute(mine.values(version=0))
    assert poisoned.account not in components[0].rebuild.outdated(1000)


def test_care_for_the_others_goes_on(
    services: LedgerServices, book: Database, components: tuple[InsightsComponents, Database]
) -> None:
    """The audit meets the entry before any reader has set the ledger aside for it."""
    user, other = services.new_user(), services.new_user()
    for one in (user, other):
        one.record("1", spent_on="2026-05-05")
        assert read(one).json["total"] == "1.00"
    user.record("2", spent_on="2026-05-05")
    heal = poison(book, user.ledger, 3)
    maintenance = ProjectionMaintenance(components[0].rebuild, components[0].audit, lambda _: None)
    maintenance._each(lambda _: [user.ledger, other.ledger], components[0].audit.run)
    found = components[0].audit.last(other.ledger)
    assert found
    assert found.agreed_at
    heal()
    assert read(user).json["total"] == "3.00"


def test_an_entry_that_the_book_itself_cannot_tell_keeps_no_other_ledger_waiting(
    services: LedgerServices, book: Database, components: tuple[InsightsComponents, Database]
) -> None:
    """Not set aside either: it may be the book that is to be mended, and no operator has to replay then."""
    user, other = services.new_user(), services.new_user()
    for one in (user, other):
        one.record("1", spent_on="2026-05-05")
    table = table_of(EntryRow)
    damaged = sa.and_(table.c.ledger == user.account, table.c.revision == 2)
    with book.write() as session:
        healthy = session.scalar(sa.select(table.c.pairs).where(damaged))
        session.execute(sa.update(table).where(damaged).values(pairs="[{"))
    components[0].reader.apply_messages([StreamMessage(ledger=one.ledger, revision=2) for one in (user, other)])
    assert reached(components[1], user, other) == [0, 2]
    other.record("1", spent_on="2026-05-05")
    assert components[0].operations.sweep() >= 3
    assert reached(components[1], user, other) == [0, 3]
    assert components[0].operations.parked(user.ledger) == []
    with book.write() as session:
        session.execute(sa.update(table).where(damaged).values(pairs=healthy))
    assert components[0].operations.sweep() == 2
    assert reached(components[1], user, other) == [2, 3]


def reached(database: Database, *users: LedgerUser) -> list[int]:
    with database.snapshot() as session:
        found = CHECKPOINTS.of(session, [user.ledger for user in users])
    return [found[user.ledger].revision for user in users]
