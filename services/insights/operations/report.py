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


def status(found: OperationsStatus, now: datetime) -> Iterator[str]:
    """Yields a line for each topic, in the order in which entries travel."""
    yield _line("Journal", _journal(found, now))
    yield _line("Totals", _totals(found.behind))
    aside = {parked.ledger for parked in found.parked}
    for one in (found.behind or [])[:MOST_LINES]:
        how = "the journal was put back" if one.rewound else f"{one.head - one.at:,} behind, at {one.at:,}"
        yield _line("", f"{one.ledger}  {how}{', set aside' if one.ledger in aside else ''}")
    if found.behind and len(found.behind) > MOST_LINES:
        yield _line("", f"and {len(found.behind) - MOST_LINES:,} more")
    yield _line("Set aside", f"{len(found.parked):,}: see `outlay parked list`" if found.parked else "none")
    jobs = found.jobs
    said = f"{jobs.due:,} due, {jobs.waiting:,} waiting, {jobs.running:,} running, {jobs.given_up:,} given up"
    yield _line("Insight jobs", said)
    yield _line("Last sweep", _sweep(found, now))
    yield _line("Last audit", _audit(found, now))
    if found.stored:
        yield _line("Size", _stored(found.stored))
    yield from _same_names(found.same_names)
    if (proxy := found.unnamed_proxy) is not None:
        yield _line(
            "Proxy", f"X-Forwarded-For came from {proxy.address}, {_ago(proxy.seen_at, now)}, and is not believed:"
        )
        yield _line("", "name your proxy in GATEWAY_TRUSTED_PROXIES, or all clients behind it share one address")


def storage(found: Sequence[ServiceStorage]) -> Iterator[str]:
    """Yields one line if all is well, or one for each affected service."""
    troubled = [one for one in found if one.detail or one.status != "ready"]
    if not troubled:
        yield _line("Storage", f"{', '.join(one.service for one in found)}: no damage found")
    for number, one in enumerate(troubled):
        yield _line("" if number else "Storage", f"{one.service}: {one.detail or one.status}")


def _stored(found: StoredLedgers) -> str:
    total = f"the journals hold {_size(found.total_bytes)}"
    if not found.ledgers:
        return total
    largest = found.ledgers[0]
    return f"{total}; the largest is that of {largest.ledger}, {_size(largest.stored_bytes)}"


def _size(count: int) -> str:
    return f"{count / 1024**2:,.1f} MB"


def _same_names(found: SameNames | None) -> Iterator[str]:
    """Yields nothing if there are none."""
    if not found or not found.items:
        return
    yield _line("Same names", f"{len(found.items):,} of categories, each that of an older one in its ledger:")
    for item in found.items[:MOST_LINES]:
        name = " ".join(item.name.split())
        yield _line("", f"{item.ledger}  \u201c{name}\u201d, {item.id}: rename it, until categories can be merged")
    if len(found.items) > MOST_LINES:
        yield _line("", f"and {len(found.items) - MOST_LINES:,} more")


def parked(ledgers: Sequence[ParkedLedger], *, whole: bool = False) -> Iterator[str]:
    """Yields each parked ledger, with the whole error or its beginning."""
    for one in ledgers:
        error = one.error if whole else " ".join(one.error.split())[:100]
        yield f"{one.ledger}  at {one.revision:,} since {one.parked_at:%Y-%m-%d %H:%M} UTC: {error}"


def verdict(counts: Mapping[AuditOutcome, int], unknown: int) -> str:
    """Returns a summary of many audits."""
    agreed, drifted, skipped = (
        counts[outcome] for outcome in (AuditOutcome.AGREED, AuditOutcome.DRIFTED, AuditOutcome.SKIPPED)
    )
    said = f"{agreed:,} agree with the book to the last cent, {drifted:,} differed"
    more = {"have nothing to compare yet, or are set aside": skipped, "could not be asked about": unknown}
    return said + "".join(f", {count:,} {what}" for what, count in more.items() if count) + "."


def progress(ledger: LedgerId, out: TextIO) -> Callable[[int, int], None]:
    """Prints the progress of a rebuild on a terminal."""

    def tell(done: int, head: int) -> None:
        if out.isatty():
            out.write(f"\r{ledger}  {done:,} of {head:,}{chr(10) if done == head else ''}")
            out.flush()

    return tell


def finding(found: Finding | Verdict) -> str:
    """Returns a line for a finding."""
    if isinstance(found, Verdict):
        return _line("Verdict", found.says)
    return _line(found.look.capitalize(), f"{'good' if found.good else 'bad':6}{found.says}")


def presets() -> Iterator[str]:
    """Yields the settings of well-known servers."""
    for preset in PRESETS:
        key = " OPENAI_API_KEY=…" if preset.needs_key else ""
        address = preset.base_url or "https://…/v1"
        yield _line(preset.name, f"OPENAI_BASE_URL={address}{key} OPENAI_MODEL={preset.example or '…'}")


def _line(name: str, said: str) -> str:
    return f"{name:14}{said}"


def _journal(found: OperationsStatus, now: datetime) -> str:
    if found.backlog is None and found.ledgers is None:
        return "the book does not answer"
    known = "" if found.ledgers is None else f"{_count(found.ledgers, 'ledger')}, "
    if found.backlog is None:
        return f"{known}entries not announced unknown"
    if found.backlog.since is None:
        return known + "every entry announced"
    waiting = f"{_count(found.backlog.entries, 'entry', 'entries')} not announced"
    return f"{known}{waiting}, the oldest written {_ago(found.backlog.since, now)}"


def _totals(behind: Sequence[LedgerBehind] | None) -> str:
    if behind is None:
        return "unknown"
    entries = sum(max(one.head - one.at, 0) for one in behind)
    late = f"{_count(entries, 'entry', 'entries')} behind"
    return f"{late}, in {_count(len(behind), 'ledger')}" if behind else late


def _sweep(found: OperationsStatus, now: datetime) -> str:
    if found.swept is None:
        return "never: is the consumer running?"
    late = now - found.swept.ended_at > LONG
    missing = (
        f"found {_count(found.swept.missing, 'entry', 'entries')} missing"
        if found.swept.missing
        else "found nothing missing"
    )
    return f"{_ago(found.swept.ended_at, now)}, {missing}{': is the consumer running?' if late else ''}"


def _audit(found: OperationsStatus, now: datetime) -> str:
    audits = found.audits
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
