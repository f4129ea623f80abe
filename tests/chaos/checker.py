"""Reads a history and says what in it must not be. Pure: the same history always gives the same findings."""

import json
from collections.abc import Iterator, Sequence

from tests.chaos import reads, writes
from tests.chaos.history import Event
from tests.chaos.replay import JournalReplay
from tests.chaos.workload import PERIODS
from tests.chaos.writes import ConsistencyFinding

KINDS = {
    "lost": "acknowledged, and not in the journal",
    "twice": "written or counted more than once",
    "phantom": "there, though no client wrote it",
    "backwards": "older than what the client had seen",
    "journal": "a gap in the revisions, a broken chain, a before-image that is not what was there",
    "stale own write": "figures that lack a write which the client had seen, or differ from the journal in another way",
    "wrong total": "figures that are not those of their revision",
    "late": "at rest, and still not seen by who reads or listens",
    "broken": "an answer that should never be given, such as 500",
}


def check(events: Sequence[Event]) -> list[ConsistencyFinding]:
    """Everything that is wrong with a run; empty where nothing is."""
    journals = {event["ledger"]: event["journal"] for event in events if event["kind"] == "final"}
    found = [*writes.check(events, journals), *reads.check(events, journals), *_at_rest(events), *_broken(events)]
    for event in events:
        if event["kind"] == "final":
            found += _final(event)
        elif event["kind"] == "end":
            found += [ConsistencyFinding("late", "", wrong) for wrong in event["wrong"]]
    if not journals:
        found.append(ConsistencyFinding("broken", "", "the run came to no end"))
    return found


def _at_rest(events: Sequence[Event]) -> Iterator[ConsistencyFinding]:
    for event in events:
        if event["kind"] != "rest":
            continue
        if event["head"] is None:
            yield ConsistencyFinding("late", event["ledger"], f"the book did not come back (t={event['t']})")
        elif not event["fresh"]:
            yield ConsistencyFinding(
                "late", event["ledger"], f"at {event['head']}, shown at {event['seen']} (t={event['t']})"
            )
        elif not event["heard"]:
            yield ConsistencyFinding(
                "late", event["ledger"], f"at {event['head']}, told {event['told']} (t={event['t']})"
            )


def _broken(events: Sequence[Event]) -> Iterator[ConsistencyFinding]:
    for event in events:
        if event["kind"] == "unknown" and event.get("status") == 500:
            yield ConsistencyFinding("broken", event["ledger"], f"{event['do']} was answered with 500 (t={event['t']})")


def _final(event: Event) -> Iterator[ConsistencyFinding]:
    """Summary == sum over the list == replay of the journal, and the stack's own audit found no drift."""
    replay, ledger = JournalReplay(), event["ledger"]
    for entry in event["journal"]:
        replay.take(entry)
    summary = json.loads(event["summary"])
    if summary != replay.summary(*PERIODS[0]):
        yield ConsistencyFinding(
            "wrong total", ledger, f"in the end the summary says {summary['total']} ({summary['count']})"
        )
    if event["list"] != replay.listed(*PERIODS[0]):
        yield ConsistencyFinding(
            "wrong total", ledger, f"in the end the list has {len(event['list'])} expenses that differ"
        )
    if event["audit"]["drifts"]:
        yield ConsistencyFinding(
            "wrong total", ledger, f"the stack's own audit saw totals differ {event['audit']['drifts']} times"
        )
