"""Ledgers that cannot be cared for are passed over for a while, so that all others have their turn."""

from datetime import datetime
from typing import cast
from uuid import uuid4

import pytest

from chassis.errors import Unavailable
from chassis.projections.rebuild import Rebuild
from contracts.ids import LedgerId
from services.insights.projections import maintenance
from services.insights.projections.audit import Audit
from services.insights.projections.maintenance import BATCH_SIZE, ProjectionMaintenance


def test_more_broken_ledgers_than_are_looked_at_in_a_round_keep_no_other_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1000.0
    monkeypatch.setattr("services.insights.projections.maintenance.time.monotonic", lambda: now)
    monkeypatch.setattr(maintenance, "PAUSE_BETWEEN_LEDGERS", 0)
    broken = [LedgerId(uuid4()) for _ in range(BATCH_SIZE + 10)]
    healthy = LedgerId(uuid4())
    tried: list[LedgerId] = []

    def care(ledger: LedgerId) -> None:
        tried.append(ledger)
        if ledger in broken[::2]:
            raise Unavailable
        if ledger in broken:
            raise ValueError("an entry that cannot be read")

    def due(limit: int) -> list[LedgerId]:
        return [*broken, healthy][:limit]

    caring = ProjectionMaintenance(cast("Rebuild", None), cast("Audit", None), lambda _: None)
    caring._each(due, care)
    caring._each(due, care)

    assert tried == [*broken, healthy], "each once"
    now += maintenance.REST
    caring._each(due, care)
    assert tried[len(broken) + 1 :] == broken[:BATCH_SIZE], "and again after a while"


def test_old_rows_are_deleted_once_an_hour_and_at_once_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("services.insights.projections.maintenance.time.monotonic", lambda: now)
    pruned: list[datetime] = []

    def prune(moment: datetime) -> None:
        pruned.append(moment)
        if len(pruned) == 1:
            raise Unavailable

    caring = ProjectionMaintenance(cast("Rebuild", None), cast("Audit", None), prune)
    with pytest.raises(Unavailable):
        caring._prune_hourly()
    for _ in range(3):
        caring._prune_hourly()

    assert len(pruned) == 2, "the failed one is repeated, and then there is a pause"
    now += maintenance.PRUNE_EVERY
    caring._prune_hourly()
    assert len(pruned) == 3
