"""What people do to two ledgers, as rules of a state machine: done to the book, and to dictionaries beside it."""

import datetime as dt
import json
from functools import partial
from typing import ClassVar, TypeVar
from uuid import UUID, uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from contracts.ids import ActionId, ExpenseId, LedgerId
from contracts.journal import Via
from services.expenses.errors import ChangedSince
from services.expenses.ledger.unit_of_work import WriteResult
from services.expenses.payments.schemas import Batch, ExpenseIn, ExpensePatch
from tests.support.book import owner_of, write_to
from tests.support.model_ledger import CURRENCY, Changes, LedgerModel, ModelPayment
from tests.support.projection_scenario import ProjectionScenario

CATEGORIES = ("Food", "Rent", "Fun")
FIRST, LAST = dt.date(2025, 12, 30), dt.date(2026, 3, 2)

ledgers = st.sampled_from([0, 1])
numbers = st.integers(0, 10**6)
skipping = st.booleans()
days = st.dates(FIRST, LAST)
Id = TypeVar("Id", ExpenseId, ActionId)
payments = st.builds(
    ModelPayment,
    st.integers(-10_000, 10_000).filter(bool),
    st.sampled_from([CURRENCY, CURRENCY, "USD"]),
    st.sampled_from(CATEGORIES),
    days,
)


class Writes(RuleBasedStateMachine):
    """Each rule is one thing that a user does."""

    scenario: ClassVar[ProjectionScenario]

    def __init__(self) -> None:
        super().__init__()
        self.ids = [uuid4(), uuid4()]
        self.models = [LedgerModel(history={0: {}}) for _ in self.ids]

    @initialize()
    def open(self) -> None:
        """Both begin with a payment in each category, so that undoing never takes a category away."""
        for which, model in enumerate(self.models):
            model.history[1] = {}
            self._batch(which, [ModelPayment(100, CURRENCY, name, FIRST) for name in CATEGORIES], {}, [])
            model.actions.clear()

    @rule(which=ledgers, payment=payments)
    def record(self, which: int, payment: ModelPayment) -> None:
        sent = ExpenseIn.model_validate(payment.body())
        written = self.scenario.book.expenses.record(write_to(owner_of(LedgerId(self.ids[which])), Via.WEB), sent)
        self._note(which, written, {ExpenseId(UUID(json.loads(written.body)["id"])): (None, payment)})

    @rule(which=ledgers, number=numbers, payment=payments)
    def correct(self, which: int, number: int, payment: ModelPayment) -> None:
        if id_ := self._some(which, number):
            sent = ExpensePatch.model_validate(payment.body())
            written = self.scenario.book.expenses.correct(write_to(owner_of(LedgerId(self.ids[which]))), id_, sent)
            self._note(which, written, {id_: (self.models[which].payments[id_], payment)})

    @rule(which=ledgers, number=numbers)
    def remove(self, which: int, number: int) -> None:
        if id_ := self._some(which, number):
            written = self.scenario.book.expenses.remove(write_to(owner_of(LedgerId(self.ids[which])), Via.WEB), id_)
            self._note(which, written, {id_: (self.models[which].payments[id_], None)})

    @rule(which=ledgers, new=st.lists(payments, max_size=4), number=numbers, payment=payments)
    def batch(self, which: int, new: list[ModelPayment], number: int, payment: ModelPayment) -> None:
        known = sorted(self.models[which].payments)
        start = number % (len(known) + 1)
        update, delete = dict.fromkeys(known[start : start + 1], payment), known[start + 1 : start + 3]
        if new or update:
            self._batch(which, new, update, delete)

    @rule(which=ledgers, number=numbers, skip=skipping)
    def undo(self, which: int, number: int, *, skip: bool) -> None:
        if self.models[which].actions:
            self._undo(which, _recent(list(self.models[which].actions), number), skip=skip)

    @rule(
        which=ledgers, first=payments, then=st.lists(payments, max_size=2), back=st.integers(1, 3), skip=st.booleans()
    )
    def regret(self, which: int, first: ModelPayment, then: list[ModelPayment], back: int, *, skip: bool) -> None:
        """Something is recorded and corrected, and then one of these is undone, be it the last or not."""
        self.record(which, first)
        for payment in then:
            self.correct(which, 0, payment)
        actions = list(self.models[which].actions)
        self._undo(which, actions[-min(back, len(actions))], skip=skip)

    def _undo(self, which: int, action: ActionId, *, skip: bool) -> None:
        changes, in_the_way = self.models[which].undo(action)
        undo = partial(
            self.scenario.book.ledgers.undo_action,
            write_to(owner_of(LedgerId(self.ids[which])), Via.WEB),
            action,
            skip=skip,
        )
        if skip or not in_the_way:
            self._note(which, undo(), changes)
            return
        with pytest.raises(ChangedSince) as refused:
            undo()
        assert {UUID(item["id"]) for item in refused.value.extra["changed"]} == in_the_way

    def _batch(
        self, which: int, new: list[ModelPayment], update: dict[ExpenseId, ModelPayment], delete: list[ExpenseId]
    ) -> None:
        before = dict(self.models[which].payments)
        updates = [{"id": id_, **payment.body()} for id_, payment in update.items()]
        sent = {"create": [payment.body() for payment in new], "update": updates, "delete": delete}
        batch = Batch.model_validate(sent)
        written = self.scenario.book.expenses.change(write_to(owner_of(LedgerId(self.ids[which])), Via.IMPORT), batch)
        ids = [ExpenseId(UUID(item["id"])) for item in json.loads(written.body)["created"]]
        changes: Changes = {id_: (None, payment) for id_, payment in zip(ids, new, strict=True)}
        changes.update({id_: (before[id_], payment) for id_, payment in update.items()})
        changes.update({id_: (before[id_], None) for id_ in delete})
        self._note(which, written, changes)

    def _note(self, which: int, written: WriteResult, changes: Changes) -> None:
        self.models[which].record(written.revision, written.action, changes)

    def _some(self, which: int, number: int) -> ExpenseId | None:
        known = sorted(self.models[which].payments)
        return _recent(known, number) if known else None


def _recent(ids: list[Id], number: int) -> Id:
    """One of the newest: things happen where something has just happened."""
    return ids[-1 - number % min(len(ids), 4)]
