"""Whatever happens in whatever order, the totals are those of a dictionary that was told the same.

A longer run, which also makes a failing story as short as it can: `pytest --hypothesis-profile=long` and this file.
"""

import datetime as dt
import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from chassis.journal.feed import ALL_REVISIONS
from chassis.journal.journal import Journal
from contracts.ids import LedgerId
from services.insights.components import TotalsProjection
from services.insights.projections.audit import AuditOutcome
from services.insights.projections.effects import CommitEffects
from services.insights.summary.schemas import PeriodQuery
from services.insights.summary.service import RequiredRevision
from tests.support.book import migrated_book
from tests.support.databases import Databases
from tests.support.ledgers import migrated
from tests.support.model_ledger import LedgerModel, ModelPayment, parsed_summary, summary
from tests.support.model_writes import Writes, days, ledgers, numbers, payments
from tests.support.projection_scenario import ProjectionScenario, Rows, between_fetch_and_commit, dying_in

EXAMPLES, STEPS = 12, 30
"""Stories, and things that happen in each, as a part of all tests: some seconds on each database."""
EVER = (dt.date.min, dt.date.max)


class BookAndReaders(Writes):
    """Two ledgers. Beside what people do, each rule is one thing that their readers do, or that goes wrong."""

    kept: tuple[Rows, list[LedgerModel]]
    """A backup of the book, and what the models were then."""

    @initialize()
    def open(self) -> None:
        super().open()
        self.kept = self._backup()

    def teardown(self) -> None:
        self.scenario.clear()

    @rule()
    def announce(self) -> None:
        while self.scenario.relay.publish_some():
            pass
        self.scenario.listen()

    @rule()
    def announce_and_die(self) -> None:
        """After XADD, before it is noted: the same is published again later."""
        with self.scenario.book.database.snapshot() as session:
            if not self.scenario.book.journal.unannounced(session, 1):
                return
        with dying_in(Journal, "mark_announced"):
            self.scenario.relay.publish_some()
        self.scenario.listen()

    @rule()
    def lose_redis(self) -> None:
        self.scenario.lose_redis()

    @rule(chosen=st.lists(st.tuples(numbers, st.booleans()), min_size=1, max_size=12))
    def deliver(self, chosen: list[tuple[int, bool]]) -> None:
        """Some of the published messages, in any order, any number of times, with the entry or without."""
        published = self.scenario.published
        if published:
            messages = [(published[number % len(published)], bare) for number, bare in chosen]
            self.scenario.components.reader.apply_messages(
                [message.model_copy(update={"entry": None}) if bare else message for message, bare in messages]
            )

    @rule(which=ledgers, where=st.sampled_from([(TotalsProjection, "advanced"), (CommitEffects, "_notify")]))
    def read_and_die(self, which: int, where: tuple[type, str]) -> None:
        """Between feed and commit, or right after the commit."""
        model, id_ = self.models[which], self.ids[which]
        behind = self.scenario.checkpoint(LedgerId(id_))[0] < model.head
        if behind or where[0] is CommitEffects:
            with dying_in(*where):
                self.scenario.components.reader.catch_up(LedgerId(id_), model.head, by="read")
        self.scenario.restart()

    @rule(which=ledgers, payment=payments)
    def overtake(self, which: int, payment: ModelPayment) -> None:
        """One reader has fetched what it misses, and before it can commit another one has taken it in."""
        first, second = self.scenario.components, self.scenario.new_components()
        first.reader.catch_up(LedgerId(self.ids[which]), ALL_REVISIONS, by="read")
        self.record(which, payment)
        with between_fetch_and_commit(
            lambda: second.reader.catch_up(LedgerId(self.ids[which]), ALL_REVISIONS, by="sweep")
        ):
            first.reader.catch_up(LedgerId(self.ids[which]), ALL_REVISIONS, by="read")

    @rule()
    def restart(self) -> None:
        self.scenario.restart()

    @rule()
    def sweep(self) -> None:
        self.scenario.components.operations.sweep()
        for id_, model in zip(self.ids, self.models, strict=True):
            assert self.scenario.checkpoint(LedgerId(id_)) == (model.head, self.scenario.chain(LedgerId(id_))[-1])
        assert self.scenario.unserved_builds() == set()

    @rule(which=ledgers, ends=st.tuples(days, days))
    def look(self, which: int, ends: tuple[dt.date, dt.date]) -> None:
        """As the gateway asks with Redis away: exact, even right after a restore."""
        self._look(
            which, min(ends), max(ends), RequiredRevision(self.models[which].head, None), self.models[which].head
        )

    @rule(which=ledgers)
    def rebuild(self, which: int) -> None:
        assert self.scenario.components.rebuild.run(LedgerId(self.ids[which])) == self.models[which].head

    @rule(which=ledgers)
    def audit(self, which: int) -> None:
        expected = AuditOutcome.AGREED if self._stands(which) else AuditOutcome.SKIPPED
        assert self.scenario.components.audit.run(LedgerId(self.ids[which])) is expected

    @rule()
    def back_up(self) -> None:
        self.kept = self._backup()

    @rule()
    def restore(self) -> None:
        """The book alone is put back; Redis and the totals know of what it does not."""
        rows, models = self.kept
        self.scenario.restore(rows)
        self.models = [model.backup() for model in models]

    @rule(which=ledgers, before=st.lists(payments, max_size=3), after=st.lists(payments, max_size=4))
    def restore_what_was_read_and_go_on(
        self, which: int, before: list[ModelPayment], after: list[ModelPayment]
    ) -> None:
        """The journal comes to revisions that the totals know, or nearly, with other entries at them."""
        for payment in before:
            self.record(which, payment)
        self.announce()
        self.sweep()
        self.restore()
        for payment in after:
            self.record(which, payment)
        self.announce()
        self.scenario.components.reader.apply_messages(self.scenario.published[-1:])

    @invariant()
    def totals_are_those_of_the_model(self) -> None:
        for which, model in enumerate(self.models):
            if revision := self._stands(which):
                assert revision <= model.head
                self._look(which, *EVER, RequiredRevision(0, 0), revision, model.head)

    def _look(self, which: int, since: dt.date, until: dt.date, wanted: RequiredRevision, *revisions: int) -> None:
        """At one of these revisions: where Redis knows no head, the book is asked for more than was wanted."""
        query = PeriodQuery.model_validate({"from": since, "to": until})
        seen = self.scenario.totals.summary(LedgerId(self.ids[which]), query, wanted)
        assert seen.revision in revisions
        assert seen.parked_at is None
        expected = summary(self.models[which].history[seen.revision].values(), since, until)
        assert parsed_summary(json.loads(seen.body)) == expected

    def _stands(self, which: int) -> int:
        """Where the totals stand in the journal; 0 right after a restore, until a reader has noticed."""
        revision, entry_id = self.scenario.checkpoint(LedgerId(self.ids[which]))
        chain = self.scenario.chain(LedgerId(self.ids[which]))
        assert len(chain) == self.models[which].head
        return revision if entry_id in chain[revision - 1 : revision] else 0

    def _backup(self) -> tuple[Rows, list[LedgerModel]]:
        return self.scenario.backup(), [model.backup() for model in self.models]


@pytest.fixture
def scenario(databases: Databases, redis_url: str) -> Iterator[ProjectionScenario]:
    urls = databases.fresh(), databases.fresh()
    book, totals = migrated_book(urls[0]), migrated(urls[1])
    yield ProjectionScenario(book, totals, redis_url)
    for database, url in zip((book, totals), urls, strict=True):
        database.close()
        databases.drop(url)


def test_totals_are_those_of_a_dictionary(scenario: ProjectionScenario, pytestconfig: pytest.Config) -> None:
    class Stories(BookAndReaders):
        pass

    Stories.scenario = scenario
    told = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
    if not pytestconfig.getoption("--hypothesis-profile"):
        told = settings(told, max_examples=EXAMPLES, stateful_step_count=STEPS, phases=[Phase.reuse, Phase.generate])
    run_state_machine_as_test(Stories, settings=told)
