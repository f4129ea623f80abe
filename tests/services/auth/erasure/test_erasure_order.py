"""Which orders the erasure sweep goes on with when one of them is not confirmed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest
import sqlalchemy as sa

from chassis.database import migrations
from chassis.database.engine import Database
from chassis.database.purge import purge
from chassis.errors import Unavailable
from chassis.journal.feed import UnreadableResponse, UpstreamTimeout
from services.auth.erasure import sweep as erasure_sweep
from services.auth.erasure.sweep import HERE, MAX_CONSECUTIVE_TIMEOUTS, ErasureSweep
from services.auth.identity.tables import ErasureRow
from services.auth.migrations import FOLDER


class RecordingClient(ErasureSweep):
    """Notes which orders are sent, and fails as it is told."""

    def __init__(self, outcomes: Sequence[type[Exception] | None]) -> None:
        super().__init__(cast("Any", None), {}, cast("Any", None))
        self.outcomes = outcomes
        self.asked: list[int] = []

    def run(self) -> list[int]:
        rows = [SimpleNamespace(service="expenses", number=number) for number in range(len(self.outcomes))]
        self._request_all(cast("Any", rows))
        return self.asked

    def _request(self, row: Any) -> None:
        self.asked.append(row.number)
        if outcome := self.outcomes[row.number]:
            raise outcome


@pytest.mark.parametrize(
    ("outcomes", "asked"),
    [
        ([UpstreamTimeout, None, UpstreamTimeout, UpstreamTimeout, None], 5),
        ([UnreadableResponse, UnreadableResponse, UnreadableResponse, None], 4),
        ([*[UpstreamTimeout] * MAX_CONSECUTIVE_TIMEOUTS, None], MAX_CONSECUTIVE_TIMEOUTS),
        ([Unavailable, None], 1),
    ],
    ids=["one takes too long", "one cannot be carried out", "the service hangs", "the service is away"],
)
def test_one_order_keeps_no_other_waiting(outcomes: list[type[Exception] | None], asked: int) -> None:
    assert RecordingClient(outcomes).run() == list(range(asked))


def test_the_files_are_purged_once_a_round_however_many_accounts_were_erased(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(database_url)
    migrations.upgrade(database, FOLDER)
    asked = datetime(2026, 11, 1, tzinfo=UTC)
    with database.write() as session:
        for number in range(3):
            session.add(ErasureRow(receipt=uuid4(), service=HERE, ledgers=[], deleted={"n": number}, asked_at=asked))
    purged: list[int] = []

    def counting(of: Database, tables: Any) -> None:
        if len(purged) == 0:
            purged.append(1)
            raise Unavailable
        purged.append(1)
        purge(of, tables)

    monkeypatch.setattr(erasure_sweep, "purge", counting)
    sweep = ErasureSweep(database, {}, lambda: asked)

    sweep.work()
    assert (len(purged), confirmed(database)) == (1, []), "tried again where the files are still in use"
    sweep.work()
    assert (len(purged), confirmed(database)) == (2, [0, 1, 2])
    sweep.work()
    assert len(purged) == 2, "nothing is left to purge"
    database.close()


def confirmed(database: Database) -> list[int]:
    with database.snapshot() as session:
        rows = session.scalars(sa.select(ErasureRow).where(ErasureRow.confirmed_at.is_not(None))).all()
        return sorted((row.deleted or {})["n"] for row in rows)
