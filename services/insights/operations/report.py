"""The output of the operator's commands, as lines of plain text."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TextIO

from chassis.process.clock import CLOCK_DIFFERENCE, elapsed
from contracts.book import SameNames, StoredLedgers
from contracts.ids import LedgerId
from services.insights.llm.diagnostics import Finding, Verdict
from services.insights.llm_server import PRESETS
from services.insights.operations.repository import ParkedLedger
from services.insights.operations.service import LedgerBehind, OperationsStatus
from services.insights.operations.storage import ServiceStorage
from services.insights.projections.audit import AuditOutcome

MOST_LINES = 20
"""Limit of ledgers that a status lists."""
LONG = timedelta(minutes=2)
"""A sweep runs every 30 seconds; after this it is overdue."""


def status(state: OperationsStatus, now: datetime) -> Iterator[str]:
    """Yields a line for each topic, in the order in which entries travel."""
    yield _line("Journal", _journal(state, now))
    yield _line("Totals", _totals(state.behind))
    aside = {parked.ledger for parked in state.parked}
    for lagging in (state.behind or [])[:MOST_LINES]:
        how = (
            "the journal was put back"
            if lagging.rewound
            else f"{lagging.head - lagging.at:,} behind, at {lagging.at:,}"
        )
        yield _line("", f"{lagging.ledger}  {how}{', set aside' if lagging.ledger in aside else ''}")
    if state.behind and len(state.behind) > MOST_LINES:
        yield _line("", f"and {len(state.behind) - MOST_LINES:,} more")
    yield _line("Set aside", f"{len(state.parked):,}: see `outlay parked list`" if state.parked else "none")
    jobs = state.jobs
    counts = f"{jobs.due:,} due, {jobs.waiting:,} waiting, {jobs.running:,} running, {jobs.given_up:,} given up"
    yield _line("Insight jobs", counts)
    yield _line("Last sweep", _sweep(state, now))
    yield _line("Last audit", _audit(state, now))
    if state.stored:
        yield _line("Size", _stored(state.stored))
    yield from _same_names(state.same_names)
    if (proxy := state.unnamed_proxy) is not None:
        yield _line(
            "Proxy", f"X-Forwarded-For came from {proxy.address}, {_ago(proxy.seen_at, now)}, and is not believed:"
        )
        yield _line("", "name your proxy in GATEWAY_TRUSTED_PROXIES, or all clients behind it share one address")


def storage(services: Sequence[ServiceStorage]) -> Iterator[str]:
    """Yields one line if all is well, or one for each affected service."""
    troubled = [service for service in services if service.detail or service.status != "ready"]
    if not troubled:
        yield _line("Storage", f"{', '.join(service.service for service in services)}: no damage found")
    for number, service in enumerate(troubled):
        yield _line("" if number else "Storage", f"{service.service}: {service.detail or service.status}")


def _stored(stored: StoredLedgers) -> str:
    total = f"the journals hold {_size(stored.total_bytes)}"
    if not stored.ledgers:
        return total
    largest = stored.ledgers[0]
    return f"{total}; the largest is that of {largest.ledger}, {_size(largest.stored_bytes)}"


def _size(count: int) -> str:
    return f"{count / 1024**2:,.1f} MB"


def _same_names(names: SameNames | None) -> Iterator[str]:
    """Yields nothing if there are none."""
    if not names or not names.items:
        return
    yield _line("Same names", f"{len(names.items):,} of categories, each that of an older one in its ledger:")
    for item in names.items[:MOST_LINES]:
        name = " ".join(item.name.split())
        yield _line("", f"{item.ledger}  \u201c{name}\u201d, {item.id}: rename it, until categories can be merged")
    if len(names.items) > MOST_LINES:
        yield _line("", f"and {len(names.items) - MOST_LINES:,} more")


def parked(ledgers: Sequence[ParkedLedger], *, whole: bool = False) -> Iterator[str]:
    """Yields each parked ledger, with the whole error or its beginning."""
    for row in ledgers:
        error = row.error if whole else " ".join(row.error.split())[:100]
        yield f"{row.ledger}  at {row.revision:,} since {row.parked_at:%Y-%m-%d %H:%M} UTC: {error}"


def verdict(counts: Mapping[AuditOutcome, int], unknown: int) -> str:
    """Returns a summary of many audits."""
    agreed, drifted, skipped = (
        counts[outcome] for outcome in (AuditOutcome.AGREED, AuditOutcome.DRIFTED, AuditOutcome.SKIPPED)
    )
    summary = f"{agreed:,} agree with the book to the last cent, {drifted:,} differed"
    more = {"have nothing to compare yet, or are set aside": skipped, "could not be asked about": unknown}
    return summary + "".join(f", {count:,} {what}" for what, count in more.items() if count) + "."


def progress(ledger: LedgerId, out: TextIO) -> Callable[[int, int], None]:
    """Prints the progress of a rebuild on a terminal."""

    def show(done: int, head: int) -> None:
        if out.isatty():
            out.write(f"\r{ledger}  {done:,} of {head:,}{chr(10) if done == head else ''}")
            out.flush()

    return show


def finding(event: Finding | Verdict) -> str:
    """Returns a line for a finding."""
    if isinstance(event, Verdict):
        return _line("Verdict", event.says)
    return _line(event.look.capitalize(), f"{'good' if event.good else 'bad':6}{event.says}")


def presets() -> Iterator[str]:
    """Yields the settings of well-known servers."""
    for preset in PRESETS:
        key = " OPENAI_API_KEY=…" if preset.needs_key else ""
        address = preset.base_url or "https://…/v1"
        yield _line(preset.name, f"OPENAI_BASE_URL={address}{key} OPENAI_MODEL={preset.example or '…'}")


def _line(name: str, text: str) -> str:
    return f"{name:14}{text}"


def _journal(state: OperationsStatus, now: datetime) -> str:
    if state.backlog is None and state.ledgers is None:
        return "the book does not answer"
    known = "" if state.ledgers is None else f"{_count(state.ledgers, 'ledger')}, "
    if state.backlog is None:
        return f"{known}entries not announced unknown"
    if state.backlog.since is None:
        return known + "every entry announced"
    waiting = f"{_count(state.backlog.entries, 'entry', 'entries')} not announced"
    return f"{known}{waiting}, the oldest written {_ago(state.backlog.since, now)}"


def _totals(behind: Sequence[LedgerBehind] | None) -> str:
    if behind is None:
        return "unknown"
    entries = sum(max(one.head - one.at, 0) for one in behind)
    late = f"{_count(entries, 'entry', 'entries')} behind"
    return f"{late}, in {_count(len(behind), 'ledger')}" if behind else late


def _sweep(state: OperationsStatus, now: datetime) -> str:
    if state.swept is None:
        return "never: is the consumer running?"
    late = now - state.swept.ended_at > LONG
    missing = (
        f"found {_count(state.swept.missing, 'entry', 'entries')} missing"
        if state.swept.missing
        else "found nothing missing"
    )
    return f"{_ago(state.swept.ended_at, now)}, {missing}{': is the consumer running?' if late else ''}"


def _audit(state: OperationsStatus, now: datetime) -> str:
    audits = state.audits
    if audits.last_at is None:
        return "never"
    drifts = f"; {_count(audits.drifts, 'drift')} ever" if audits.drifts else ""
    agreed = f"{audits.agreeing:,} of {_count(audits.ledgers, 'ledger')} agreed when last asked"
    return f"{_ago(audits.last_at, now)}; {agreed}{drifts}"


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _ago(moment: datetime, now: datetime) -> str:
    if moment > now + CLOCK_DIFFERENCE:
        return f"at {moment:%Y-%m-%d %H:%M} UTC, which is in the future: was this machine's clock put back?"
    seconds = round(elapsed(moment, now).total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"
