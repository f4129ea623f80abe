"""Faults put into the product on purpose. Python imports this at its start where the harness put it on the path.

Each wraps or replaces one thing, in the one program where it matters, and makes the moment longer in which it harms:
what is asked is whether the checker sees it, not how lucky a minute is.
"""

import contextlib
import inspect
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

BOOK = ("services.expenses.app:create",)
READERS = ("services.insights.app:create", "services.insights.consumer")
LONGER = 0.03
"""Seconds."""


def put(owner: type, **functions: Callable[..., Any]) -> None:
    """Puts functions in the place of a class' own."""
    for name, function in functions.items():
        setattr(owner, name, function)


def announce_before_commit() -> None:
    """The entry is on the stream, and the head is raised, before the transaction has ended."""
    from redis import RedisError

    from chassis.journal.journal import Journal
    from chassis.journal.relay import Relay, UnpublishedLedger

    relays: list[Any] = []
    usual_start, usual_append = Relay.start, Journal.append

    def start(self: Any) -> None:
        relays.append(self)
        usual_start(self)

    def append(self: Any, session: Any, ledger: Any, action: Any, pairs: Any, **columns: Any) -> Any:
        entry = usual_append(self, session, ledger, action, pairs, **columns)
        rows = self.rows(session, ledger.id, entry.revision - 1, limit=1, most_bytes=1)
        for relay in relays:
            with contextlib.suppress(RedisError):
                relay._heads.raise_all({ledger.id: entry.revision})
                relay._publish([UnpublishedLedger(ledger.id, entry.revision, rows)])
        time.sleep(LONGER)
        return entry

    put(Relay, start=start)
    put(Journal, append=append)


def no_compare_and_set() -> None:
    """The checkpoint moves wherever it stands."""
    from chassis.database.engine import insert_for
    from chassis.projections.builds import ProjectionBuild, new_build
    from chassis.projections.checkpoints import Checkpoints

    def move(self: Any, session: Any, ledger: Any, start: Any, last: Any) -> Any:
        table = self._table
        values = {"revision": last.revision, "entry_id": last.id}
        new = new_build(ledger)._asdict() | {"version": self._version, **values}
        insert = insert_for(session, table).values(new)
        moved = insert.on_conflict_do_update(index_elements=["ledger"], set_=values).returning(table.c.generation)
        return ProjectionBuild(ledger, session.execute(moved).scalar_one())

    put(Checkpoints, move=move)


def revision_after_read() -> None:
    """What is changed is read first, and the revision taken then."""
    from services.expenses.ledger.unit_of_work import LedgerWriter
    from services.expenses.payments.repository import ExpenseRepository

    early = threading.local()
    usual_transaction, usual_by_id = LedgerWriter._transaction, ExpenseRepository.by_id

    @contextlib.contextmanager
    def transaction(self: Any, ledger: Any) -> Any:
        with self._database.snapshot() as session:
            expenses = ExpenseRepository(session, ledger)
            early.images = {row.id: expenses.to_image(row) for row in expenses.every()}
        time.sleep(LONGER)
        try:
            with usual_transaction(self, ledger) as begun:
                yield begun
        finally:
            early.images = None

    def by_id(self: Any, ids: Any) -> Any:
        images = getattr(early, "images", None)
        if images is None:
            return usual_by_id(self, ids)
        return {id_: images[id_] for id_ in ids if id_ in images}

    put(LedgerWriter, _transaction=transaction)
    put(ExpenseRepository, by_id=by_id)


def cache_without_comparing() -> None:
    """An answer is stored, and its revision taken for the head, whatever is there: a slow reader's comes back last."""
    from chassis.response_cache.cache import ResponseCache
    from contracts.response_cache import ledger_key

    last: dict[tuple[Any, str], Any] = {}

    def put_back(self: Any, ledger: Any, field: str, answer: Any) -> None:
        self._client.hset(ledger_key(ledger), mapping={"head": answer.revision, field: answer.pack()})

    def store(self: Any, ledger: Any, field: str, answer: Any, _: Any) -> bool:
        put_back(self, ledger, field, answer)
        slow = last.get((ledger, field))
        last[ledger, field] = answer
        if slow is not None and random.random() < 0.5:
            time.sleep(LONGER * 5)
            put_back(self, ledger, field, slow)
        return True

    put(ResponseCache, store=store)


def no_effects_for_duplicates() -> None:
    """Only what the consumer itself applied raises the head and is told; what a read or a sweep applied is not."""
    from chassis.projections.reader import JournalReader

    now = threading.local()
    usual_init: Any = JournalReader.__init__
    usual_apply_messages, usual_catch_up = JournalReader.apply_messages, JournalReader.catch_up

    def init(self: Any, *parts: Any, **named: Any) -> None:
        given = inspect.signature(usual_init).bind(self, *parts, **named)
        usual = given.arguments["after_commit"]

        def notify(revisions: Mapping[Any, int]) -> None:
            before = getattr(now, "before", {})
            usual(
                {ledger: revision for ledger, revision in revisions.items() if revision > before.get(ledger, revision)}
            )

        given.arguments["after_commit"] = notify
        usual_init(*given.args, **given.kwargs)

    def apply_messages(self: Any, messages: Any) -> Any:
        time.sleep(LONGER)
        now.before = self.revisions({message.ledger for message in messages})
        return usual_apply_messages(self, messages)

    def catch_up(self: Any, *rest: Any, **more: Any) -> Any:
        now.before = {}
        return usual_catch_up(self, *rest, **more)

    put(JournalReader, __init__=init, apply_messages=apply_messages, catch_up=catch_up)


MUTATIONS: Mapping[str, tuple[tuple[str, ...], Callable[[], None]]] = {
    "announce-before-commit": (BOOK, announce_before_commit),
    "no-compare-and-set": (READERS, no_compare_and_set),
    "revision-after-read": (BOOK, revision_after_read),
    "cache-without-comparing": (READERS, cache_without_comparing),
    "no-effects-for-duplicates": (READERS, no_effects_for_duplicates),
}

if "CHAOS_MUTATION" in os.environ:
    programs, mutate = MUTATIONS[os.environ["CHAOS_MUTATION"]]
    if any(program in sys.orig_argv for program in programs):
        sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
        mutate()
