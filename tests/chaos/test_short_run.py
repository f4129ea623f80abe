"""The fault test in short: both databases, about 40 seconds in all. `make chaos MINUTES=12` is the long one."""

import pytest

from tests.chaos.harness import ChaosRun, perform
from tests.chaos.history import Event
from tests.chaos.report import describe, kills, wipes
from tests.chaos.writes import WRITES

pytestmark = pytest.mark.chaos
SEEDS = {"sqlite": "short-1", "postgresql": "short-2"}


@pytest.mark.parametrize("database", SEEDS)
def test_nothing_is_lost_nothing_twice_and_nothing_stale(database: str) -> None:
    run = ChaosRun(database, seconds=9, seed=SEEDS[database], storm=9, thorough=False)
    outcome = perform(run)

    assert outcome.findings == [], describe(outcome)
    events = outcome.history.events
    assert kills(events).total() >= 5, "too little was killed to say anything"
    assert wipes(events) >= 1
    assert len(_answered(events)) >= 20, "too little was answered to say anything"


def _answered(events: list[Event]) -> list[Event]:
    return [event for event in events if event["kind"] == "ok" and event["do"] in WRITES]
