"""Checks of writes: the journal holds what was acknowledged, once, and nothing that no client requested."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tests.chaos.history import Event
from tests.chaos.replay import Entry


class ConsistencyFinding(NamedTuple):
    """Something that must not be. `kind` is one of KINDS of checker.py."""

    kind: str
    ledger: str
    what: str


class WriteAttempt(NamedTuple):
    """One request to write, and how it ended."""

    invoke: Event
    end: Event | None


WRITES = {"create", "correct", "remove", "batch", "undo"}


def check(events: Sequence[Event], journals: Mapping[str, Sequence[Entry]]) -> Iterator[ConsistencyFinding]:
    """All writes of all ledgers."""
    attempts = _attempts(events)
    for ledger, journal in journals.items():
        own = {request: attempt for request, attempt in attempts.items() if attempt.invoke["ledger"] == ledger}
        yield from _entries(ledger, journal, own)
        yield from _acknowledged(ledger, journal, own)
        yield from _in_order(ledger, own.values())


def _attempts(events: Iterable[Event]) -> dict[str, WriteAttempt]:
    found: dict[str, WriteAttempt] = {}
    for event in events:
        if event["kind"] == "invoke" and event["do"] in WRITES:
            found[event["request"]] = WriteAttempt(event, None)
        elif event.get("request") in found:
            found[event["request"]] = found[event["request"]]._replace(end=event)
    return found


def _entries(
    ledger: str, journal: Sequence[Entry], attempts: Mapping[str, WriteAttempt]
) -> Iterator[ConsistencyFinding]:
    """Each entry was asked for, was not refused, says what was asked, and is the only one of its operation."""
    by_op: dict[str, list[int]] = defaultdict(list)
    by_action = {entry["action_id"]: entry for entry in journal}
    names: dict[str, str] = {}
    for entry in journal:
        names |= {
            pair["id"]: pair["after"]["name"] for pair in entry["pairs"] if pair["kind"] == "category" and pair["after"]
        }
        at = f"entry {entry['revision']}"
        if entry["action"] == "open_ledger":
            if entry["revision"] != 1:
                yield ConsistencyFinding("twice", ledger, f"{at} opens the ledger again")
            continue
        attempt = attempts.get(entry["request_id"])
        if attempt is None:
            yield ConsistencyFinding("phantom", ledger, f"{at} was requested by no client")
            continue
        by_op[attempt.invoke["op"]].append(entry["revision"])
        if attempt.end and attempt.end["kind"] == "fail":
            yield ConsistencyFinding(
                "phantom", ledger, f"{at} was refused with {attempt.end['status']}, and is written"
            )
        elif (wrong := _difference(attempt.invoke, entry, by_action, names)) is not None:
            yield ConsistencyFinding("phantom", ledger, f"{at} is not what was asked ({attempt.invoke['do']}): {wrong}")
    for op, revisions in by_op.items():
        if len(revisions) > 1:
            yield ConsistencyFinding("twice", ledger, f"operation {op} has the entries {revisions}")


def _acknowledged(
    ledger: str, journal: Sequence[Entry], attempts: Mapping[str, WriteAttempt]
) -> Iterator[ConsistencyFinding]:
    """What was answered is in the journal, at the revision that the answer named."""
    for attempt in attempts.values():
        end = attempt.end
        if end is None or end["kind"] != "ok" or end["action"] is None:  # without an action nothing changed
            continue
        revision = end["revision"]
        entry = journal[revision - 1] if revision <= len(journal) else None
        asker = attempts.get(entry["request_id"]) if entry else None
        if entry is None or asker is None or asker.invoke["op"] != attempt.invoke["op"]:
            yield ConsistencyFinding("lost", ledger, f"{end['do']} answered at revision {revision} is not there")
        elif entry["action_id"] != end["action"]:
            yield ConsistencyFinding(
                "lost", ledger, f"{end['do']} at revision {revision} has another action than was answered"
            )


def _in_order(ledger: str, attempts: Iterable[WriteAttempt]) -> Iterator[ConsistencyFinding]:
    """A write that begins after another was answered gets a higher revision."""
    ended = [attempt for attempt in attempts if attempt.end and attempt.end["kind"] == "ok" and attempt.end["action"]]
    answered = sorted((attempt.end["t"], attempt.end["revision"]) for attempt in ended if attempt.end)
    highest, next_answer = 0, 0
    for attempt in sorted(ended, key=lambda one: float(one.invoke["t"])):
        while next_answer < len(answered) and answered[next_answer][0] < attempt.invoke["t"]:
            highest = max(highest, answered[next_answer][1])
            next_answer += 1
        end = attempt.end or {}
        if not end.get("replayed") and end["revision"] <= highest:
            yield ConsistencyFinding(
                "backwards", ledger, f"a write got revision {end['revision']} after {highest} was answered"
            )


def _difference(invoke: Event, entry: Entry, by_action: Mapping[str, Entry], names: Mapping[str, str]) -> str | None:
    """Where an entry is not what was asked for; None where it is."""
    pairs = {pair["id"]: pair for pair in entry["pairs"] if pair["kind"] == "expense"}
    asked = invoke["asked"]
    if invoke["do"] == "undo":
        return _undone(pairs, by_action.get(asked["action"]))
    changed = {"correct": [asked], "batch": asked.get("update", [])}.get(invoke["do"], [])
    removed = {"remove": [asked.get("id")], "batch": asked.get("delete", [])}.get(invoke["do"], [])
    created = {"create": [asked], "batch": asked.get("create", [])}.get(invoke["do"], [])
    wrong = [f"{item['id']} not changed so" for item in changed if not _has(pairs.pop(item["id"], None), item, names)]
    wrong += [f"{id_} not removed" for id_ in removed if (pairs.pop(id_, None) or {"after": 1})["after"] is not None]
    left = [pair for pair in pairs.values() if pair["before"] is None]
    wrong += ["something not recorded" for item in created if not any(_has(pair, item, names) for pair in left)]
    if len(pairs) != len(created):
        wrong.append(f"{len(pairs)} records instead of {len(created)}")
    return "; ".join(wrong) or None


def _undone(pairs: Mapping[str, dict[str, Any]], undone: Entry | None) -> str | None:
    was = {pair["id"]: pair for pair in undone["pairs"]} if undone else {}
    wrong = [
        id_
        for id_, pair in pairs.items()
        if id_ not in was or (pair["before"], pair["after"]) != (was[id_]["after"], was[id_]["before"])
    ]
    return f"{wrong} are not put back" if wrong else None


def _has(pair: dict[str, Any] | None, item: Mapping[str, Any], names: Mapping[str, str]) -> bool:
    """Whether the pair's after-image has the fields; the category is an id there, of which `names` has the name."""
    after: dict[str, Any] = (pair or {}).get("after") or {}
    shown = after | {"category": names.get(after.get("category", ""))}
    return bool(after) and all(shown[name] == value for name, value in item.items() if name != "id")
