"""The operator's door: `python -m services.insights.cli status`, told by the same environment as the consumer."""

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
    """What a command has to do with: the parts, and what was asked."""

    components: InsightsComponents
    arguments: argparse.Namespace
    storage: StorageProbe

    def ledgers(self) -> Iterable[LedgerId]:
        """The one that was named, or all."""
        return [self.arguments.ledger] if self.arguments.ledger else self.components.operations.ledgers()


def status(call: InsightsCliCall) -> Iterator[str]:
    """Where everything stands."""
    now = datetime.now(UTC)
    storage = call.storage.run()
    if not call.arguments.json:
        yield from text.storage(storage)  # first: where it is damaged, the rest may be unknown
    proxy = UnnamedProxy.decode(call.components.effects.noted(UNNAMED_PROXY))
    more = {"storage": storage, "unnamed_proxy": proxy}
    found = call.components.operations.status(now).model_copy(update=more)
    yield from [found.model_dump_json(indent=2)] if call.arguments.json else text.status(found, now)
    unanswered = None in (found.ledgers, found.backlog, found.same_names, found.stored)
    if unanswered or any(one.status == "damaged" for one in storage):
        raise SystemExit(1)


def list_parked(call: InsightsCliCall) -> Iterator[str]:
    """Which ledgers are set aside, and why."""
    parked = call.components.operations.parked()
    yield from text.parked(parked) if parked else ["No ledger is set aside."]


def show_parked(call: InsightsCliCall) -> Iterator[str]:
    """Why a ledger is set aside, and the entry that cannot be applied, as the journal has it now."""
    for parked in call.components.operations.parked(call.arguments.ledger):
        yield from text.parked([parked], whole=True)
        entry = call.components.operations.entry(parked.ledger, parked.revision)
        yield entry.model_dump_json(indent=2, by_alias=True) if entry else "The journal has no such entry any more."
        return
    yield "That ledger is not set aside."
    raise SystemExit(1)


def replay_parked(call: InsightsCliCall) -> Iterator[str]:
    """Lets ledgers go on, and takes in what they miss."""
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
    """Holds totals against the book; those that differ are rebuilt."""
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
    """Makes totals anew from the journal, while the old ones go on serving."""
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
    """Looks at the language model's server, and says in plain words what is wrong."""
    if (endpoint := ModelSettings().endpoint) is None:
        yield "No model is set up, and none is needed: facts are told in our own words."
        yield from text.presets()
        return
    for found in Diagnostics(endpoint).run():
        yield text.finding(found)
        if isinstance(found, Verdict) and not found.good:
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
    """Runs one command, a line of text at a time."""
    asked = _parser().parse_args(arguments)
    settings = settings_of(Settings)
    database = Database(settings.database_url, durable=False)
    parts = build(settings, database)
    try:
        print_lines(asked.command(InsightsCliCall(parts, asked, StorageProbe.of(settings, database))))
    except (DBAPIError, sqlite3.Error) as error:
        raise SystemExit(f"The database of insights cannot be asked: {getattr(error, 'orig', error)}") from error
    except Problem as problem:
        raise SystemExit(f"The book does not answer: {problem.detail}") from problem
    finally:
        parts.effects.close()
        database.close()


if __name__ == "__main__":
    main()
