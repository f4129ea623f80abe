"""Totals are held against the book, and can be made anew while they serve."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.database.engine import Database, table_of
from chassis.projections.checkpoints import Checkpoints
from services.insights.components import InsightsComponents
from services.insights.projections.audit import AuditOutcome
from services.insights.projections.checkpoints import CHECKPOINTS, PROJECTION_VERSION
from services.insights.tables import (
    Base,
    CategoryRow,
    CheckpointRow,
    DayTotal,
    LedgerRow,
    MonthTotal,
    ParkedRow,
    PaymentRow,
    ProjectionBuildRow,
)
from tests.support.ledger_services import LedgerServices, LedgerUser

YEAR = "/api/v1/summary?from=2026-01-01&to=2026-12-31"
PROJECTED = (CategoryRow, DayTotal, LedgerRow, MonthTotal, PaymentRow)


@pytest.fixture
def busy(services: LedgerServices) -> LedgerUser:
    """A user with a history: many payments, some corrected, some removed, in two currencies."""
    user, chance = services.new_user(), random.Random(1)
    create = [
        {
            "amount": str(chance.randint(1, 99)),
            "category": chance.choice("ABC"),
            "currency": chance.choice(["EUR", "USD"]),
            "spent_on": f"2026-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
        }
        for _ in range(60)
    ]
    made = user.book.post("/api/v1/expenses/batch", {"create": create}).json["created"]
    for expense in made[:10]:
        user.book.patch(f"/api/v1/expenses/{expense['id']}", {"amount": "7", "category": "D"})
    for expense in made[10:20]:
        user.book.delete(f"/api/v1/expenses/{expense['id']}")
    return user


def head(user: LedgerUser) -> int:
    found: int = user.book.get("/api/v1/journal").json["head"]
    return found


def seen(user: LedgerUser) -> Any:
    return user.totals.get(YEAR, Outlay_Min_Revision=str(head(user))).json


def rows(database: Database, user: LedgerUser) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the ledger's build, without its generation."""
    found = {}
    with database.snapshot() as session:
        standing = CHECKPOINTS.position(session, user.ledger)
        assert standing
        for model in PROJECTED:
            table = table_of(model)
            columns = [column for column in table.c if column.name != "generation"]
            query = sa.select(*columns).where(standing.build.rows(table))
            found[table.name] = sorted((tuple(row) for row in session.execute(query)), key=repr)
    return found


def test_totals_agree_with_the_book_wherever_either_stands(
    busy: LedgerUser, components: tuple[InsightsComponents, Database]
) -> None:
    audit = components[0].audit
    assert audit.run(busy.ledger) is AuditOutcome.SKIPPED, "nothing was read yet"
    before = seen(busy)
    assert audit.run(busy.ledger) is AuditOutcome.AGREED
    busy.record("5", spent_on="2026-05-05")
    assert audit.run(busy.ledger) is AuditOutcome.AGREED, "the book is ahead"
    assert seen(busy)["count"] == before["count"] + 1
    assert busy.account not in audit.due(1000)
    told = busy.totals.get("/api/v1/audit").json
    assert (told["revision"], told["drifts"]) == (head(busy), 0)
    assert told["agreed_at"]


@pytest.mark.parametrize("model", [DayTotal, MonthTotal, PaymentRow])
def test_drift_is_found_and_mended(
    busy: LedgerUser, components: tuple[InsightsComponents, Database], model: type[Base]
) -> None:
    right = seen(busy)
    table = table_of(model)
    with components[1].write() as session:
        standing = CHECKPOINTS.position(session, busy.ledger)
        assert standing
        amount = table.c.minor if model is PaymentRow else table.c.total
        session.execute(sa.update(table).where(standing.build.rows(table)).values({amount: amount + 1}))
    assert components[0].audit.run(busy.ledger) is AuditOutcome.DRIFTED
    assert seen(busy) == right
    assert components[0].audit.run(busy.ledger) is AuditOutcome.AGREED
    assert busy.totals.get("/api/v1/audit").json["drifts"] == 1


def test_a_rebuild_equals_what_it_replaces(busy: LedgerUser, components: tuple[InsightsComponents, Database]) -> None:
    seen(busy)
    before = rows(components[1], busy)
    assert before["payments"]
    assert components[0].rebuild.run(busy.ledger) == head(busy)
    assert rows(components[1], busy) == before
    with components[1].snapshot() as session:
        assert session.scalars(sa.select(ProjectionBuildRow)).all() == []
        tables = map(table_of, PROJECTED)
        builds = {row for table in tables for row in session.scalars(sa.select(table.c.generation).distinct())}
        served = set(session.scalars(sa.select(CheckpointRow.generation)))
    assert builds == served, "nothing remains of the old build"


def test_rebuilding_while_people_write_and_read(
    services: LedgerServices, components: tuple[InsightsComponents, Database]
) -> None:
    user = services.new_user()

    def write(_: int) -> None:
        response = user.book.post("/api/v1/expenses", {"amount": "1", "category": "A", "spent_on": "2026-05-05"})
        summary = user.totals.get(YEAR, Outlay_Min_Revision=str(response.revision))
        assert summary.status == 200, summary.body
        assert summary.json["count"] >= response.revision - 1, "all up to one's own write"

    with ThreadPoolExecutor(4) as pool:
        writes = [pool.submit(write, number) for number in range(80)]
        user.record("1", category="A", spent_on="2026-05-05")
        rebuilds = [pool.submit(components[0].rebuild.run, user.ledger) for _ in range(5)]
        for each in writes:
            each.result()
        assert all(rebuild.result() for rebuild in rebuilds)
    assert seen(user)["count"] == 81
    assert components[0].audit.run(user.ledger) is AuditOutcome.AGREED


def test_a_higher_version_of_the_projection_rebuilds(
    busy: LedgerUser, components: tuple[InsightsComponents, Database]
) -> None:
    seen(busy)
    newer = Checkpoints(CheckpointRow, ParkedRow, PROJECTION_VERSION + 1)
    with components[1].snapshot() as session:
        assert busy.account in newer.outdated(session, 1000)
        assert busy.account not in CHECKPOINTS.outdated(session, 1000)
    with components[1].write() as session:
        session.execute(sa.update(CheckpointRow).where(CheckpointRow.ledger == busy.account).values(version=0))
    assert components[0].rebuild.outdated(1000) == [busy.account]
    components[0].rebuild.run(busy.ledger)
    assert components[0].rebuild.outdated(1000) == []
