"""What a run was like, in words and figures."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from tests.chaos.harness import ChaosOutcome
from tests.chaos.history import Event
from tests.chaos.reads import READS
from tests.chaos.writes import WRITES

GROUPS = {"writes": WRITES, "reads": READS}


def kills(events: Sequence[Event]) -> Counter[str]:
    """Processes ended with SIGKILL, by program."""
    found: Counter[str] = Counter()
    for event in events:
        if event["kind"] == "fault" and event["what"] == "kill":
            found[event["target"]] += event.get("count", 1)
    return found


def wipes(events: Sequence[Event]) -> int:
    """How often Redis lost everything: wiped, killed, or gone with all the rest."""
    return sum(
        event["kind"] == "fault"
        and (
            event["what"] == "wipe" or (event["what"] == "kill" and event["target"] in {"redis", "everything at once"})
        )
        for event in events
    )


def describe(outcome: ChaosOutcome) -> str:
    """The whole report."""
    events, run = outcome.history.events, outcome.run
    faults = [event for event in events if event["kind"] == "fault"]
    by_kind = Counter(f"{event['what']} {event['target']}" for event in faults)
    killed = kills(events)
    lines = [
        f"{run.database}, seed {run.seed}, {run.seconds:g} s{', mutation ' + run.mutation if run.mutation else ''}",
        f"  faults      {len(faults)}: {killed.total()} kills, {wipes(events)} wipes of Redis",
        *(f"    {count:4d} × {what}" for what, count in sorted(by_kind.items(), key=lambda item: -item[1])),
    ]
    for group, names in GROUPS.items():
        ends = Counter(event["kind"] for event in events if event.get("do") in names)
        hits = sum(event.get("hit", False) for event in events if event.get("do") in names)
        known = f"{ends['ok']} answered, {ends['fail']} refused, {ends['unknown']} unknown"
        replayed = sum(event.get("replayed", False) for event in events if event.get("do") in names)
        known += f", {replayed} answered as before" if replayed else ""
        lines.append(f"  {group:<10}  {known}{f', {hits} ready in the cache' if hits else ''}")
        lines.append(f"  recovery    first good {group[:-1]} after a fault: {_spread(recovery(events, names))}")
        lines.append(f"              after the last of a storm: {_spread(recovery(events, names, last=True))}")
    rests = [event for event in events if event["kind"] == "rest" and event["head"] is not None]
    lines.append(f"  rests       {len(rests)}; all shown: {_spread([event['read'] for event in rests])}")
    lines.append(f"              all told: {_spread([event['live'] for event in rests])}")
    lines += [f"  memory      {line}" for line in _memory(events)]
    verdict = Counter(finding.kind for finding in outcome.findings)
    lines.append(f"  findings    {', '.join(f'{count} {kind}' for kind, count in verdict.items()) or 'none'}")
    lines += [f"    {finding.kind}: {finding.what} ({finding.ledger})" for finding in outcome.findings[:10]]
    if outcome.findings:
        lines.append(f"  history     {outcome.history.path}")
    return "\n".join(lines)


def recovery(events: Sequence[Event], names: set[str], *, last: bool = False) -> list[float]:
    """Seconds from each fault to the end of the first good call that began after it, where no rest came between.

    With `last` only from the last fault before each rest: of the others many are followed by the next at once.
    """
    begun = {event["request"]: event["t"] for event in events if event["kind"] == "invoke" and event["do"] in names}
    answered = [event for event in events if event["kind"] == "ok" and event["do"] in names]
    good = sorted((event["t"], begun[event["request"]]) for event in answered)
    rested = [event["t"] for event in events if event["kind"] == "rest"]
    found, start = [], 0
    for fault in _last_ones(events) if last else [event["t"] for event in events if event["kind"] == "fault"]:
        while start < len(good) and good[start][0] < fault:
            start += 1
        first = next((ended for ended, began in good[start:] if began >= fault), None)
        if first is not None and not any(fault <= at <= first for at in rested):
            found.append(first - fault)
    return found


def _last_ones(events: Sequence[Event]) -> list[float]:
    marks = [event for event in events if event["kind"] in {"fault", "rest"}]
    return [one["t"] for one, following in pairwise(marks) if (one["kind"], following["kind"]) == ("fault", "rest")]


def _spread(values: Sequence[float]) -> str:
    if not values:
        return "–"
    ordered = sorted(values)
    p50, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.99))
    return f"p50 {p50:.2f} s, p99 {p99:.2f} s, max {ordered[-1]:.2f} s ({len(ordered)})"


def _memory(events: Sequence[Event]) -> list[str]:
    """The largest of each program in the first and in the last third of the run."""
    samples = [event["programs"] for event in events if event["kind"] == "memory"]
    third = max(1, len(samples) // 3)
    parts = samples[:third], samples[-third:]
    names = sorted({name for sample in samples for name in sample})
    largest = {name: [max(sample.get(name, 0) for sample in part) // 1024 for part in parts] for name in names}
    return [", ".join(f"{name} {first} → {last} MB" for name, (first, last) in largest.items())] if samples else []
