"""Checks of reads: every answer equals, figure by figure, what the journal says at the revision that it names."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tests.chaos.history import Event
from tests.chaos.replay import Entry, JournalReplay
from tests.chaos.writes import ConsistencyFinding

READS = {"summary", "trends", "list"}
REFUSED = 412


def check(events: Sequence[Event], journals: Mapping[str, Sequence[Entry]]) -> Iterator[ConsistencyFinding]:
    """All reads of all ledgers, and the journals themselves."""
    asked = {event["request"]: event for event in events if event["kind"] == "invoke" and event["do"] in READS}
    answers: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.get("request") in asked and event["kind"] == "ok":
            answers[event["ledger"]].append(event)
        elif event.get("request") in asked and event["kind"] == "fail" and event["status"] == REFUSED:
            minimum = asked[event["request"]]["minimum"]
            yield ConsistencyFinding("lost", event["ledger"], f"revision {minimum} was seen, and then was unknown")
    for ledger, journal in journals.items():
        yield from _backwards(ledger, answers[ledger], asked)
        yield from _along(ledger, journal, answers[ledger], asked)


def _backwards(ledger: str, answers: Iterable[Event], asked: Mapping[str, Event]) -> Iterator[ConsistencyFinding]:
    for answer in answers:
        minimum = asked[answer["request"]]["minimum"]
        if answer["revision"] < minimum:
            yield ConsistencyFinding(
                "backwards", ledger, f"{answer['do']} asked for {minimum}, got {answer['revision']}"
            )


def _along(
    ledger: str, journal: Sequence[Entry], answers: Iterable[Event], asked: Mapping[str, Event]
) -> Iterator[ConsistencyFinding]:
    """Replays the journal once, and holds each answer against it where it comes by."""
    at: dict[int, list[Event]] = defaultdict(list)
    for answer in answers:
        at[answer["revision"]].append(answer)
    replay = JournalReplay()
    for entry in journal:
        yield from (ConsistencyFinding("journal", ledger, wrong) for wrong in replay.take(entry))
        expected: dict[str, Any] = {}
        for answer in at.pop(entry["revision"], ()):
            question = asked[answer["request"]]
            if (wrong := _difference(replay, question, json.loads(answer["body"]), expected)) is not None:
                kind = "stale own write" if question["minimum"] else "wrong total"
                yield ConsistencyFinding(
                    kind, ledger, f"{answer['do']} at revision {answer['revision']} (t={answer['t']}): {wrong}"
                )
    for revision in at:
        yield ConsistencyFinding(
            "phantom", ledger, f"an answer names revision {revision}, the journal ends at {len(journal)}"
        )


def _difference(replay: JournalReplay, question: Event, body: Any, expected: dict[str, Any]) -> str | None:
    """Where an answer differs from what it must be; None where it does not. `expected` is what was computed before."""
    name = f"{question['do']} {question['asked']}"
    if name not in expected:
        expected[name] = _compute(replay, question)
    wanted = expected[name]
    if question["do"] == "list" and body["next_cursor"]:
        wanted = {**wanted, "items": wanted["items"][: len(body["items"])], "next_cursor": body["next_cursor"]}
    if body == wanted:
        return None
    return "; ".join(
        f"{key} is {body[key]!r:.150}, not {wanted[key]!r:.150}" for key in wanted if body[key] != wanted[key]
    )


def _compute(replay: JournalReplay, question: Event) -> dict[str, Any]:
    asked = question["asked"]
    if question["do"] == "summary":
        return replay.summary(asked["since"], asked["until"])
    if question["do"] == "trends":
        return replay.trends(asked["since"], asked["until"], asked["by"])
    return {"items": replay.listed(asked["since"], asked["until"]), "next_cursor": None}
