"""Which orders the erasure sweep goes on with when one of them is not confirmed."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from chassis.errors import Unavailable
from chassis.feed import TooSlow, Unreadable
from services.auth.erasure_sweep import SLOW_IN_A_ROW, ErasureSweep


class Asking(ErasureSweep):
    """Notes which orders are sent, and fails as it is told."""

    def __init__(self, outcomes: Sequence[type[Exception] | None]) -> None:
        super().__init__(cast("Any", None), {}, cast("Any", None))
        self.outcomes = outcomes
        self.asked: list[int] = []

    def run(self) -> list[int]:
        rows = [SimpleNamespace(service="expenses", number=number) for number in range(len(self.outcomes))]
        self._ask_for(cast("Any", rows))
        return self.asked

    def _ask(self, row: Any) -> None:
        self.asked.append(row.number)
        if outcome := self.outcomes[row.number]:
            raise outcome


@pytest.mark.parametrize(
    ("outcomes", "asked"),
    [
        ([TooSlow, None, TooSlow, TooSlow, None], 5),
        ([Unreadable, Unreadable, Unreadable, None], 4),
        ([*[TooSlow] * SLOW_IN_A_ROW, None], SLOW_IN_A_ROW),
        ([Unavailable, None], 1),
    ],
    ids=["one takes too long", "one cannot be carried out", "the service hangs", "the service is away"],
)
def test_one_order_keeps_no_other_waiting(outcomes: list[type[Exception] | None], asked: int) -> None:
    assert Asking(outcomes).run() == list(range(asked))
