"""The operator's commands: `python -m services.insights.cli status`. Reads the same environment as the consumer."""

import argparse
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.exc import DataError, DBAPIError

from chassis.database.engine import Database
from chassis.errors import Problem
from chassis.process.commands import add, print_lines, settings_of
from contracts.ids import LedgerId
from contracts.operations import UNNAMED_PROXY, UnnamedProxy
from services.insights.components import InsightsComponents, build
from services.insights.llm.diagnostics import Diagnostics, Verdict
from services.insights.operations import report as text
from services.insights.operations.service import ReplayOutcome
from services.insights.operations.storage import StorageProbe
from services.insights.projections.audit import AuditOutcome
from services.insights.settings import ModelSettings, Settings

PROGRAM = "outlay"


class InsightsCliCall(NamedTuple):
    """The components, and the command's arguments."""

    components: InsightsComponents
    arguments: argparse.Namespace
    storage: StorageProbe

    def ledgers(self) -> Iterable[LedgerId]:
        """Returns the ledger of the arguments, or all ledgers."""
        return [self.arguments.ledger] if self.arguments.ledger else self.components.operations.ledgers()


def status(call: InsightsCliCall) -> Iterator[str]:
    """Shows the state of storage, ledgers and the backlog."""
    now = datetime.now(UTC)
    storage = call.storage.run()
    if not call.arguments.json:
        yield from text.storage(storage)  # first, since a damaged file may make the rest unknown
    proxy = UnnamedProxy.decode(call.components.effects.noted(UNNAMED_PROXY))
    more = {"storage": storage, "unnamed_proxy": proxy}
    report = call.components.operations.status(now).model_copy(update=more)
    yield from [report.model_dump_json(indent=2)] if call.arguments.json else text.status(report, now)
    unanswered = None in (report.ledgers, report.backlog, report.same_names, report.stored)
    if unanswered or any(file.status == "damaged" for file in storage):
        raise SystemExit(1)


def list_parked(call: InsightsCliCall) -> Iterator[str]:
    """Lists the parked ledgers, and why they are parked."""
    parked = call.components.operations.parked()
    yield from text.parked(parked) if parked else ["No ledger is set aside."]


def show_parked(call: InsightsCliCall) -> Iterator[str]:
    """Shows why a ledger is parked, and the entry that cannot be applied, as the journal has it now."""
    for parked in call.components.operations.parked(call.arguments.ledger):
        yield from text.parked([parked], whole=True)
        entry = call.components.operations.entry(parked.ledger, parked.revision)
        yield entry.model_dump_json(indent=2, by_alias=True) if entry else "The journal has no such entry any more."
        return
    yield "That ledger is not set aside."
    raise SystemExit(1)


def replay_parked(call: InsightsCliCall) -> Iterator[str]:
    """Unparks ledgers, and applies their missing entries."""
    operations = call.components.operations
    outcomes = set()
    for parked in operations.parked(call.arguments.ledger):
        outcome = operations.replay(parked.ledger)
        outcomes.add(outcome)
        yield f"{parked.ledger}  {outcome}"
        yield from text.parked(operations.parked(parked.ledger))
    if not outcomes:
        yield "That ledger is not set aside." if call.arguments.ledger else "No ledger is set aside."
    if outcomes - {ReplayOutcome.CAUGHT_UP}:
        raise SystemExit(1)


def verify(call: InsightsCliCall) -> Iterator[str]:
    """Compares totals with the book, and rebuilds those that differ."""
    counts = dict.fromkeys(AuditOutcome, 0)
    unknown = 0
    for ledger in call.ledgers():
        try:
            outcome = call.components.audit.run(ledger)
        except Problem as problem:
            unknown += 1
            yield f"{ledger}  cannot be held against the book just now: {problem.detail}"
            continue
        counts[outcome] += 1
        if outcome is AuditOutcome.DRIFTED:
            yield f"{ledger}  differed from the book, and was rebuilt"
    yield text.verdict(counts, unknown)
    if counts[AuditOutcome.DRIFTED] or unknown:
        raise SystemExit(1)


def rebuild(call: InsightsCliCall) -> Iterator[str]:
    """Rebuilds totals from the journal, while the old ones stay in use."""
    done = failed = 0
    for ledger in call.ledgers():
        try:
            revision = call.components.rebuild.run(ledger, text.progress(ledger, sys.stderr))
        except (Problem, ValueError, DataError) as error:
            failed += 1
            yield f"{ledger}  could not be rebuilt, its figures stand as they were: {error}"
        else:
            done += 1
            yield f"{ledger}  rebuilt up to {revision:,}"
    yield f"{done:,} rebuilt, {failed:,} not."
    if failed:
        raise SystemExit(1)


def doctor(_: InsightsCliCall) -> Iterator[str]:
    """Checks the language model's server, and explains what is wrong."""
    if (endpoint := ModelSettings().endpoint) is None:
        yield "No model is set up, and none is needed: facts are told in our own words."
        yield from text.presets()
        return
    for finding in Diagnostics(endpoint).run():
        yield text.finding(finding)
        if isinstance(finding, Verdict) and not finding.good:
            raise SystemExit(1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(PROGRAM, description="Where Outlay's totals stand, and setting them right.")
    commands = parser.add_subparsers(required=True)
    add(commands, "status", status).add_argument("--json", action="store_true", help="for programs")
    add(commands, "doctor", doctor)
    parked = commands.add_parser("parked", help="ledgers that are set aside, since an entry cannot be applied")
    of_parked = parked.add_subparsers(required=True)
    add(of_parked, "list", list_parked)
    add(of_parked, "show", show_parked).add_argument("ledger", type=UUID)
    for under, name, command in (
        (of_parked, "replay", replay_parked),
        (commands, "verify", verify),
        (commands, "rebuild", rebuild),
    ):
        add(under, name, command).add_argument("ledger", type=UUID, nargs="?", help="that one alone; else all")
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command, and prints its output line by line."""
    parsed = _parser().parse_args(arguments)
    settings = settings_of(Settings)
    database = Database(settings.database_url, durable=False)
    components = build(settings, database)
    try:
        print_lines(parsed.command(InsightsCliCall(components, parsed, StorageProbe.of(settings, database))))
    except (DBAPIError, sqlite3.Error) as error:
        raise SystemExit(f"The database of insights cannot be asked: {getattr(error, 'orig', error)}") from error
    except Problem as problem:
        raise SystemExit(f"The book does not answer: {problem.detail}") from problem
    finally:
        components.effects.close()
        database.close()


if __name__ == "__main__":
    main()
